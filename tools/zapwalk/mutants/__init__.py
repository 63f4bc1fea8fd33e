# SPDX-License-Identifier: MIT
"""One mistake at a time in a copy of the source, and who notices it: docs/mutants.md."""
