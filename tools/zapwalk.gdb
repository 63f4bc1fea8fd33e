# SPDX-License-Identifier: MIT
# Stops where a lockless reader has read one half of an entry and not the other (`make gdb`).
set confirm off
set pagination off
break race_reached if site->point == RACE_pte_between_halves
continue
backtrace
