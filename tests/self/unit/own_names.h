/* SPDX-License-Identifier: MIT */
/* Included first where kernel/string.c is compiled for the host: its functions must not take the C
 * library's place in a program that the sanitizers watch. */
#pragma once

#define memcpy	zw_memcpy
#define memmove zw_memmove
#define memset	zw_memset
#define memcmp	zw_memcmp
#define strlen	zw_strlen
#define strcmp	zw_strcmp
#define strncmp zw_strncmp
