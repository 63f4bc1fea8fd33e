/* SPDX-License-Identifier: MIT */
#pragma once

/* Stops every other CPU, for the end of the machine. */
void stop_all_others(void);
