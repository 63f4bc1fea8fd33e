/* SPDX-License-Identifier: MIT */
/* In place of the version made by the build of images. */
#pragma once

#define ZAPWALK_VERSION "0.0"
#define ZAPWALK_GIT	"model"
