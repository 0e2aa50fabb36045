// SPDX-License-Identifier: Apache-2.0
#include "cli/messages.h"

static const char *const texts[MSG_COUNT][2] = {[MSG_NONE] = {"", ""},
#define MESSAGE_ROW(id, en, ko) [MSG_##id] = {en, ko},
    MESSAGE_LIST(MESSAGE_ROW)
#undef MESSAGE_ROW
};

const char *message_text(enum language language, enum message_id id)
{
    return texts[id][language];
}

void message_put(struct buf *b, enum language language, const struct message *message)
{
    struct str text = str_of(message_text(language, message->id));
    for (size_t at = 0; at < text.len;) {
        bool is_place = at + 2 < text.len && text.ptr[at] == '{' && text.ptr[at + 2] == '}' &&
                        text.ptr[at + 1] >= '1' && text.ptr[at + 1] <= '0' + MESSAGE_ARGS_MAX;
        if (is_place)
            buf_put(b, message->args[text.ptr[at + 1] - '1']);
        else
            buf_put_byte(b, text.ptr[at]);
        at += is_place ? 3 : 1;
    }
}

enum language language_of(const char *name)
{
    struct str s = str_of(name);
    bool korean = str_starts(s, STR("ko")) &&
                  (s.len == 2 || s.ptr[2] == '_' || s.ptr[2] == '-' || s.ptr[2] == '.');
    return korean ? LANGUAGE_KO : LANGUAGE_EN;
}
