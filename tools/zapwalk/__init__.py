# SPDX-License-Identifier: MIT
"""What tools/run, tools/report and tools/symbolize share. Python 3.9, standard library only."""
