// SPDX-License-Identifier: Apache-2.0
// What a decision says, and why: one table of results, rules and texts in both languages.
#pragma once

#include "base/str.h"

enum policy_result {
    POLICY_PERMIT,
    POLICY_DENY,
    POLICY_HOLD,       // needs an officer, a fresh cosignature, or redaction
    POLICY_QUARANTINE, // a problem of the input; never leaves
};

// code, result, rule, code's text, English, Korean
#define POLICY_WHY_LIST(X)                                                                    \
    X(PERMITTED, PERMIT, 10, "permitted", "nothing stands against it", "막는 규칙이 없음")    \
    X(RETURNED, PERMIT, 4, "returned", "goes home to its originator",                         \
        "생산자에게 되돌려 보냄")                                                             \
    X(UNKNOWN_MARKING, QUARANTINE, 1, "unknown-marking",                                      \
        "a marking is not held or not understood", "모르는 표시가 있음")                      \
    X(FORGED_MARKING, QUARANTINE, 1, "forged-marking", "a marking is forged",                 \
        "위조된 표시가 있음")                                                                 \
    X(CONTRADICTORY, QUARANTINE, 1, "contradictory",                                          \
        "two different TLP values from one source", "한 출처의 TLP 값이 서로 다름")           \
    X(ABOVE_CEILING, QUARANTINE, 1, "above-ceiling",                                          \
        "it is marked above what a node may hold", "노드가 보유할 수 있는 등급을 넘음")       \
    X(RECALLED, DENY, 2, "recalled", "its originator has recalled it", "생산자가 회수함")     \
    X(WITHDRAWN, DENY, 2, "withdrawn", "its release was taken back", "배포가 철회됨")         \
    X(EXPIRED, DENY, 2, "expired", "its time to be shared is over", "공유 기한이 지남")       \
    X(EMBARGOED, DENY, 2, "embargoed", "it is under embargo", "공개 유예 기간임")             \
    X(NO_AGREEMENT, DENY, 3, "no-agreement", "no agreement is in force with the recipient",   \
        "수신자와 유효한 협정이 없음")                                                        \
    X(NOT_COVERED, DENY, 3, "not-covered",                                                    \
        "the agreement does not cover this type and purpose",                                 \
        "협정이 이 종류와 목적을 다루지 않음")                                                \
    X(THIRD_PARTY, DENY, 5, "third-party", "it is another party's, without its grant",        \
        "제3자의 정보이며 허락이 없음")                                                       \
    X(ORIGINATOR_CONTROL, DENY, 6, "originator-control",                                      \
        "its originator must permit each release", "생산자가 배포마다 허락해야 함")           \
    X(NOFORN, DENY, 7, "noforn", "not releasable to another nation", "외국 배포 금지")        \
    X(NOT_LISTED, DENY, 7, "not-listed", "the recipient's nation is not in its list",         \
        "수신자의 국가가 배포 목록에 없음")                                                   \
    X(TLP_REACH, DENY, 8, "tlp-reach", "its TLP does not reach the recipient",                \
        "TLP 범위가 수신자에게 미치지 않음")                                                  \
    X(TLP_CHANNEL, DENY, 8, "tlp-channel", "its TLP does not allow this channel",             \
        "TLP가 이 경로를 허용하지 않음")                                                      \
    X(NOT_REGISTERED, DENY, 8, "not-registered", "a person named is not in the register",     \
        "지정한 사람이 명부에 없음")                                                          \
    X(NEEDS_OFFICERS, HOLD, 9, "needs-officers", "two officers must approve it",              \
        "담당관 두 명의 승인이 필요함")                                                       \
    X(NEEDS_DUTY_OFFICER, HOLD, 9, "needs-duty-officer",                                      \
        "a flash needs the signature of one duty officer",                                    \
        "긴급 전송은 당직 담당관 한 명의 서명이 필요함")                                      \
    X(COSIGNATURE_STALE, HOLD, 9, "cosignature-stale",                                        \
        "the partner's last cosignature is too old", "상대방의 공동 서명이 오래됨")           \
    X(LINK_FROZEN, HOLD, 9, "link-frozen",                                                    \
        "the link is frozen: its ledgers contradict each other",                              \
        "원장이 서로 어긋나 링크가 동결됨")                                                   \
    X(NEEDS_REDACTION, HOLD, 10, "needs-redaction", "a part of it must not go",               \
        "일부 내용을 빼야 함")                                                                \
    X(NEEDS_VARIANT, HOLD, 10, "needs-variant",                                               \
        "its handling is not in its bytes and this channel has no envelope",                  \
        "취급 조건을 실어 보낼 수 없는 경로임")                                               \
    X(PART_REQUIRED, DENY, 10, "part-required",                                               \
        "it cannot go without the part that must not go", "빼야 할 부분 없이는 보낼 수 없음") \
    X(NAMES_WITHHELD, HOLD, 10, "names-withheld",                                             \
        "its text names a value of what is withheld; an officer must approve it",             \
        "보류된 정보의 값이 본문에 있어 담당관의 승인이 필요함")                              \
    X(END_WITHHELD, DENY, 10, "end-withheld", "what it relates is withheld or not held",      \
        "관계의 대상을 보낼 수 없음")

enum policy_why {
#define POLICY_WHY_ENUM(name, result, rule, code, english, korean) POLICY_##name,
    POLICY_WHY_LIST(POLICY_WHY_ENUM)
#undef POLICY_WHY_ENUM
        POLICY_WHYS
};

struct policy_decision {
    enum policy_result result;
    enum policy_why why;
};

// Static texts.
struct policy_reason {
    enum policy_result result;
    const char *rule; // "R7"
    const char *code, *english, *korean;
};
struct policy_reason policy_reason(enum policy_why why);
struct policy_decision policy_decision(enum policy_why why);
struct str policy_result_word(enum policy_result result); // "PERMIT"
