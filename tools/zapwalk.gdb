# SPDX-License-Identifier: MIT
# Loads the commands race, pte and cpus for `make gdb`. tools/run then runs to the race point named by STOP=.
set confirm off
set pagination off
source tools/zapwalk/commands.py
