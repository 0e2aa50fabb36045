// SPDX-License-Identifier: Apache-2.0
// Texts of keys, and of what a link stands on: id, English, Korean.
#pragma once

#define MESSAGE_KEY_LIST(X)                                                                  \
    X(NO_UNLOCK,                                                                             \
        "the key files are sealed and cannot be opened: no unlock secret, or not this one; " \
        "looked at {1}",                                                                     \
        "키 파일이 봉인되어 열 수 없습니다: 잠금 비밀이 없거나 다릅니다; 찾은 곳: {1}")      \
    X(KEYS_LOCKED, "{1} key files are sealed", "키 파일 {1}개를 봉인했습니다")               \
    X(KEY_MADE,                                                                              \
        "made {1}; its statement is to be signed by the party root: bongsu key "             \
        "statement",                                                                         \
        "{1}을(를) 만들었습니다; 당사자 루트가 서명해야 합니다: bongsu key statement")       \
    X(KEY_STATEMENT, "{1} {2} {3}, valid until {4}", "{1} {2} {3}, 유효 기한 {4}")           \
    X(KEY_INSTALLED, "in force in {1} links", "링크 {1}개에서 효력이 있습니다")              \
    X(KEY_RENEWED, "the certificate is good until {1}; the node takes it up by itself",      \
        "인증서 유효 기한 {1}; 노드가 스스로 바꿉니다")                                      \
    X(KEY_ROW, "{1} {2}: {3}, {4} days left", "{1} {2}: {3}, {4}일 남음")                    \
    X(LINK_RENEWED, "the agreement is added; it is used when the partner holds it",          \
        "협정을 추가했습니다; 상대방이 받으면 쓰입니다")                                     \
    X(LINK_REMOVED, "link {1} is removed; its history stays",                                \
        "링크 {1}을(를) 없앴습니다; 기록은 남습니다")                                        \
    X(LINK_EPOCH, "the logs with {1} begin again", "{1}과(와)의 원장을 다시 시작합니다")
