// SPDX-License-Identifier: Apache-2.0
#include "sys/log.h"

#include "base/time.h"
#include "base/utf8.h"
#include "sys/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

PRINTF(3, 0)
static void write_line(const char *level, const char *event, const char *format, va_list args)
{
    char line[2048];
    struct arena scratch;
    arena_init(&scratch, 32 * 1024);
    struct buf now = buf_in(&scratch, 64);
    time_put(&now, clock_now_us());
    int n = snprintf(line, sizeof line, "%.*s %s %s ", STR_ARG(buf_str(&now)), level, event);
    arena_release(&scratch);
    int more = vsnprintf(line + n, sizeof line - (size_t)n - 1, format, args);
    n = more < 0 ? n : n + more;
    if ((size_t)n > sizeof line - 2)
        n = sizeof line - 2;
    line[n++] = '\n';
    ssize_t written = write(STDERR_FILENO, line, (size_t)n);
    (void)written; // nobody is left to tell
}

#define LOG_FUNCTION(name, level)                         \
    void name(const char *event, const char *format, ...) \
    {                                                     \
        va_list args;                                     \
        va_start(args, format);                           \
        write_line(level, event, format, args);           \
        va_end(args);                                     \
    }
LOG_FUNCTION(log_error, "error")
LOG_FUNCTION(log_warn, "warn")
LOG_FUNCTION(log_info, "info")

static bool is_shown(uint32_t c)
{
    bool control = c < 0x20 || c == 0x7F || (c >= 0x80 && c < 0xA0);
    bool direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) ||
                     c == 0x200E || c == 0x200F || c == 0x061C;
    return !control && !direction && c != '"' && c != '\\';
}

const char *log_text(struct str s)
{
    static _Thread_local char texts[4][1024];
    static _Thread_local unsigned turn;
    char *out = texts[turn++ % 4];
    size_t n = 0, valid = utf8_invalid_at(s);
    out[n++] = '"';
    for (size_t at = 0; at < s.len && at < 200;) {
        size_t from = at;
        uint32_t c = at < valid ? utf8_next(s, &at) : (at++, 0);
        if (from < valid && is_shown(c)) {
            memcpy(out + n, s.ptr + from, at - from);
            n += at - from;
            continue;
        }
        for (; from < at; from++)
            n += (size_t)snprintf(out + n, 5, "\\x%02x", (unsigned char)s.ptr[from]);
    }
    out[n++] = '"';
    out[n] = '\0';
    return out;
}
