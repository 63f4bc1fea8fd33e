# SPDX-License-Identifier: MIT
# For `make gdb`: the commands race, pte and cpus; then runs to where a lockless reader has read one half of an
# entry and not the other.
set confirm off
set pagination off
source tools/zapwalk/commands.py
race pte_between_halves
backtrace
