# SPDX-License-Identifier: MIT
"""Modules shared by the programs of tools/. They are for Python 3.9 and its standard library alone. Only pictures need
matplotlib, and commands.py is for gdb's own Python."""
