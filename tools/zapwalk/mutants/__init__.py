# SPDX-License-Identifier: MIT
"""Makes one mistake at a time in a copy of the source, and asks the tests whether they notice it. See docs/mutants.md."""
