// SPDX-License-Identifier: Apache-2.0
// Of search: what it says in English and Korean.
#pragma once

#define MESSAGE_SEARCH_LIST(X)                                                                 \
    X(HELP_SEARCH, "searches words in Korean and English, newest first",                       \
        "한국어와 영어 낱말을 최신순으로 찾습니다")                                            \
    X(HELP_QUERY, "keeps searches under a name, and runs them",                                \
        "검색을 이름으로 저장하고 실행합니다")                                                 \
    X(HELP_NEIGHBOURS, "lists what an object is related to, both ways",                        \
        "객체와 이어진 객체를 양방향으로 보여 줍니다")                                         \
    X(HELP_CORRELATE, "lists other objects that hold its values",                              \
        "같은 값을 가진 다른 객체를 보여 줍니다")                                              \
    X(HELP_PATH, "finds the shortest path between two objects",                                \
        "두 객체 사이의 가장 짧은 경로를 찾습니다")                                            \
    X(HELP_DEPTH, "at most so many steps, 1 to 6 (4)", "최대 단계 수, 1~6 (기본 4)")           \
    X(HELP_BEFORE_TIME, "received before this time", "이 시각 전에 받은 것")                   \
    X(HELP_MARKING, "clear, green, amber, amber+strict or red",                                \
        "clear, green, amber, amber+strict, red 중 하나")                                      \
    X(HELP_AUTHOR, "created by this identity: an ID or a name", "작성 주체의 ID 또는 이름")    \
    X(HELP_LABEL, "has this label", "이 라벨이 붙은 것")                                       \
    X(QUERY_KEPT, "kept: {1}", "저장함: {1}")                                                  \
    X(QUERY_ROW, "{1}  {2}", "{1}  {2}")                                                       \
    X(QUERY_REMOVED, "removed: {1}", "삭제함: {1}")                                            \
    X(QUERY_USAGE, "query: add NAME, list, run NAME or remove NAME, not: {1}",                 \
        "query: add NAME, list, run NAME, remove NAME 중 하나여야 합니다: {1}")                \
    X(EDGE, "{1} {2}  {3}  {4}", "{1} {2}  {3}  {4}")                                          \
    X(PATH_NONE, "no path within the depth", "이 단계 안에는 경로가 없습니다")                 \
    X(PATH_BOUNDED,                                                                            \
        "no path found, and not all could be looked at: choose objects with fewer neighbours", \
        "경로를 찾지 못했고 모두 살펴보지는 못했습니다: 이웃이 적은 객체를 고르십시오")        \
    X(SEARCH_ROW, "{1}  {2}  {3}", "{1}  {2}  {3}")                                            \
    X(SEARCH_SNIPPET, "    {1}: {2}", "    {1}: {2}")
