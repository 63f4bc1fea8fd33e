# SPDX-License-Identifier: MIT
"""What the programs of tools/ share. Python 3.9, standard library only; pictures need matplotlib, commands.py is
for gdb's own Python."""
