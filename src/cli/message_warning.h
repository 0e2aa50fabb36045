// SPDX-License-Identifier: Apache-2.0
// Of warning lists: what they say in English and Korean.
#pragma once

#define MESSAGE_WARNING_LIST(X)                                                                \
    X(HELP_WARNING, "keeps lists of values that are harmless or too common",                   \
        "무해하거나 너무 흔한 값의 경고 목록을 관리합니다")                                    \
    X(WARNING_USAGE,                                                                           \
        "warning: add FILE..., list, check VALUE..., enable NAME, disable NAME or remove "     \
        "NAME, not: {1}",                                                                      \
        "warning: add FILE..., list, check VALUE..., enable NAME, disable NAME, remove NAME "  \
        "중 하나여야 합니다: {1}")                                                             \
    X(WARNING_ADDED, "{1}: version {2}, {3} entries, {4} of them can match nothing",           \
        "{1}: 버전 {2}, 항목 {3}개 (일치할 수 없는 항목 {4}개)")                               \
    X(WARNING_SAME, "{1}: version {2} was there already", "{1}: 버전 {2}은(는) 이미 있습니다") \
    X(WARNING_ROW, "{1}  {2}  version {3}  {4} entries, {5} can match nothing  {6}",           \
        "{1}  {2}  버전 {3}  항목 {4}개, 일치할 수 없는 항목 {5}개  {6}")                      \
    X(WARNING_ON, "enabled", "사용 중")                                                        \
    X(WARNING_OFF, "disabled", "사용 중지")                                                    \
    X(WARNING_UNKNOWN, "there is no warning list {1}; see: bongsu warning list",               \
        "{1} 경고 목록은 없습니다; bongsu warning list 를 보십시오")                           \
    X(WARNING_REMOVED, "removed: {1}", "삭제함: {1}")                                          \
    X(WARNING_ENABLED, "enabled: {1}", "사용함: {1}")                                          \
    X(WARNING_DISABLED, "disabled: {1}", "사용 중지함: {1}")                                   \
    X(WARNING_HIT, "{1}: on the warning list \"{2}\": {3} ({4})",                              \
        "{1}: 경고 목록 \"{2}\"에 있음: {3} ({4})")                                            \
    X(WARNING_MORE, "{1}: on more warning lists than are shown",                               \
        "{1}: 여기에 보인 것보다 더 많은 경고 목록에 있음")                                    \
    X(WARNING_NONE, "{1}: on no warning list", "{1}: 경고 목록에 없음")                        \
    X(WARNING_EQUAL, "the same", "같은 값")                                                    \
    X(WARNING_BELOW, "a name below it", "하위 도메인")                                         \
    X(WARNING_HOST, "the host of the URL", "URL의 호스트")                                     \
    X(WARNING_INSIDE, "inside it", "그 대역 안")                                               \
    X(WARNING_CONTAINS, "contains it", "그 글자열을 포함")                                     \
    X(WARNING_PATTERN, "matches the expression", "정규식에 일치")                              \
    X(WARNING_UNDECIDED, "the expression takes too long on it", "정규식 판정이 너무 오래 걸림")
