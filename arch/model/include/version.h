/* SPDX-License-Identifier: MIT */
/* In place of the one that the images' build makes. */
#pragma once

#define ZAPWALK_VERSION "0.0"
#define ZAPWALK_GIT	"model"
