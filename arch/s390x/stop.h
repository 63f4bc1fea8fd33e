/* SPDX-License-Identifier: MIT */
#pragma once

/* Every other CPU, whether or not it is one of ours. For the end of the machine. */
void stop_all_others(void);
