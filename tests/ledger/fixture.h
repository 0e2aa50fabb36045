// SPDX-License-Identifier: Apache-2.0
// Keys and notes that several ledger tests use.
#pragma once

#include "crypto/sign.h"
#include "test.h"

#include "ledger/checkpoint.h"

#define GB_LOG  "node.gb.example/live/ledger/kr/1"
#define KR_LOG  "node.kr.example/live/ledger/gb/1"
#define GB_SIGN "node.gb.example/live/cosign"
#define KR_SIGN "node.kr.example/live/cosign"

// A key pair whose seed is one byte repeated.
struct pair {
    struct ledger_key key;
    struct sign_key secret;
};

static inline struct pair pair_make(
    struct arena *a, uint8_t type, const char *name, unsigned char seed_byte)
{
    unsigned char seed[SIGN_SEED_BYTES];
    struct pair p = {0};
    memset(seed, seed_byte, sizeof seed);
    assert_int_equal(sign_key_from_seed(seed, &p.secret), ERR_OK);
    assert_int_equal(
        ledger_key_make(a, type, str_of(name), p.secret.public_key, &p.key), ERR_OK);
    return p;
}

static inline struct str checkpoint_make(
    struct arena *a, const struct pair *log, const struct ledger_head *head)
{
    struct str note = STR("");
    assert_int_equal(ledger_checkpoint_sign(a, head, &log->key, &log->secret, &note), ERR_OK);
    return note;
}

static inline struct str cosign(
    struct arena *a, struct str note, const struct pair *by, uint64_t time_s)
{
    struct ledger_note parsed = {0};
    struct str out = STR("");
    struct buf line = buf_in(a, 1024);
    assert_int_equal(ledger_note_parse(a, note, &parsed, NULL), ERR_OK);
    assert_int_equal(
        ledger_cosignature_put(a, &line, &by->key, &by->secret, parsed.text, time_s), ERR_OK);
    assert_int_equal(ledger_note_add(a, note, buf_str(&line), &out), ERR_OK);
    return out;
}

// For cmocka's group and test setups.
static inline int fixture_start(void **state)
{
    return sign_init();
}

static inline int arena_start(void **state)
{
    static struct arena a;
    arena_init(&a, 256 * MIB);
    *state = &a;
    return 0;
}

static inline int arena_stop(void **state)
{
    arena_release(*state);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, arena_start, arena_stop)
