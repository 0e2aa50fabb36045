// SPDX-License-Identifier: Apache-2.0
// Messages between processes of one node: length, type, payload over a stream socket.
#pragma once

#include "base/str.h"

// ERR_IO when the other side is gone.
enum err frame_send(int fd, uint8_t type, struct str payload) MUST_USE;
// ERR_NOT_FOUND at a clean end of stream, ERR_INVALID on a cut frame or one past max_bytes,
// ERR_IO.
enum err frame_receive(
    struct arena *a, int fd, size_t max_bytes, uint8_t *type, struct str *payload) MUST_USE;
