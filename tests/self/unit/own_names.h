/* SPDX-License-Identifier: MIT */
/* Included first if kernel/string.c is compiled for the host, because its functions must not
 * replace the C library's in a program under the sanitizers. */
#pragma once

#define memcpy	zw_memcpy
#define memmove zw_memmove
#define memset	zw_memset
#define memcmp	zw_memcmp
#define strlen	zw_strlen
#define strcmp	zw_strcmp
#define strncmp zw_strncmp
