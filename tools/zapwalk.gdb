# SPDX-License-Identifier: MIT
# For `make gdb`: the commands race, pte and cpus. tools/run then runs to the race point that STOP= names.
set confirm off
set pagination off
source tools/zapwalk/commands.py
