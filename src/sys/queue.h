// SPDX-License-Identifier: Apache-2.0
// A bounded queue of owned messages between threads: who pops a message owns it.
#pragma once

#include "base/attr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

// Room for `capacity` messages.
struct queue *queue_new(size_t capacity);
void queue_free(struct queue *q); // must be empty, with no thread in it
// Waits for room. False when the queue is closed: the message is still the caller's.
bool queue_push(struct queue *q, void *message) MUST_USE;
// Waits at most wait_us (negative: for ever) for a message; NULL when none came, or closed and
// empty.
void *queue_pop(struct queue *q, int64_t wait_us);
// No more pushes; pops give what is left, then NULL.
void queue_close(struct queue *q);
bool queue_is_closed(struct queue *q);
