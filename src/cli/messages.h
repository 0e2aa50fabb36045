// SPDX-License-Identifier: Apache-2.0
// Every text that the command line shows, a row per message and a column per language. {1} to
// {4} are filled in; the order may differ between languages.
#pragma once

#include "base/buf.h"
#include "cli/message_list.h"

enum language {
    LANGUAGE_EN,
    LANGUAGE_KO,
};

enum message_id {
    MSG_NONE,
#define MESSAGE_ENUM(id, en, ko) MSG_##id,
    MESSAGE_LIST(MESSAGE_ENUM)
#undef MESSAGE_ENUM
        MSG_COUNT,
};

#define MESSAGE_ARGS_MAX 6

struct message {
    enum message_id id;
    struct str args[MESSAGE_ARGS_MAX];
};

void message_put(struct buf *b, enum language language, const struct message *message);
// The template, for the test that looks for holes.
const char *message_text(enum language language, enum message_id id);
// "ko", "ko_KR.UTF-8" and the like give Korean, anything else (also NULL) English.
enum language language_of(const char *name);
