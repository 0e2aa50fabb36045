// SPDX-License-Identifier: Apache-2.0
// Texts of feeds and of TAXII as a client: id, English, Korean.
#pragma once

#define MESSAGE_FEED_LIST(X)                                                              \
    X(HELP_FEED, "fetches from others on a schedule: TAXII, MISP feeds, plain addresses", \
        "다른 곳에서 정해진 주기로 가져옵니다: TAXII, MISP 피드, 일반 주소")              \
    X(HELP_FEED_KIND, "taxii, misp or url; taxii unless said",                            \
        "taxii, misp 또는 url; 기본 taxii")                                               \
    X(HELP_FEED_EVERY, "minutes between runs; 0: only when asked; 60 unless said",        \
        "가져오는 간격(분); 0은 요청할 때만; 기본 60")                                    \
    X(HELP_FEED_ORIGINATOR, "the party that what comes is of", "가져온 것의 출처 당사자") \
    X(HELP_FEED_HANDLING, "what unmarked objects get, or quarantine",                     \
        "표시 없는 객체의 취급 등급, 또는 quarantine(격리)")                              \
    X(HELP_FEED_USER, "the name for the server", "서버에 쓸 사용자 이름")                 \
    X(HELP_FEED_SECRET, "a file with the password", "암호가 든 파일")                     \
    X(HELP_FEED_CA,                                                                       \
        "authorities of the server's certificate, in PEM; the system's unless said",      \
        "서버 인증서의 인증 기관(PEM); 기본은 시스템의 것")                               \
    X(HELP_FEED_PEER,                                                                     \
        "the server's own certificate in PEM, as of another node; instead of --ca",       \
        "서버 자신의 인증서(PEM), 예: 다른 노드; --ca 대신")                              \
    X(HELP_FEED_CERTIFICATE, "our certificate for the server, in PEM",                    \
        "서버에 보일 우리 인증서(PEM)")                                                   \
    X(HELP_FEED_KEY, "the key of our certificate, in PEM", "우리 인증서의 키(PEM)")       \
    X(HELP_FEED_COLLECTION, "of TAXII: an id, alias or title",                            \
        "TAXII: 컬렉션의 ID, 별칭 또는 제목")                                             \
    X(HELP_FEED_TYPES, "of TAXII: only these types, joined by commas",                    \
        "TAXII: 이 유형만, 쉼표로 구분")                                                  \
    X(HELP_FEED_SINCE, "of TAXII: only what was added after this time",                   \
        "TAXII: 이 시각 뒤에 추가된 것만")                                                \
    X(HELP_FEED_PREVIEW, "count what would come, and store nothing",                      \
        "가져올 것을 세기만 하고 저장하지 않음")                                          \
    X(FEED, "{1}: {2}, {3}, every {4} minutes, last run: {5}",                            \
        "{1}: {2}, {3}, {4}분마다, 마지막 실행: {5}")                                     \
    X(FEED_OF, "  from {1}; unmarked: {2}", "  출처 {1}; 표시 없음: {2}")                 \
    X(FEED_LAST, "  ended {1}: {2} new, {3} known, {4} not taken",                        \
        "  종료 {1}: 신규 {2}, 기존 {3}, 받지 않음 {4}")                                  \
    X(FEED_NEXT, "  next {1}", "  다음 {1}")                                              \
    X(FEED_WHY, "  failed {1} times in a row: {2}", "  연속 {1}회 실패: {2}")             \
    X(FEED_RAN, "{1}: {2} new, {3} known, {4} not taken",                                 \
        "{1}: 신규 {2}, 기존 {3}, 받지 않음 {4}")                                         \
    X(FEED_PREVIEW, "{1}: {5} would come, {4} of them would not be taken",                \
        "{1}: {5}개를 가져오며, 그중 {4}개는 받지 않습니다")                              \
    X(FEED_MORE, "{1}: there is more; the next run goes on",                              \
        "{1}: 더 있습니다; 다음 실행에서 이어집니다")                                     \
    X(FEED_FAILED, "{1}: {2}", "{1}: {2}")                                                \
    X(FEED_REMOVED, "removed {1}; what it brought stays",                                 \
        "{1}을(를) 없앴습니다; 가져온 것은 남습니다")                                     \
    X(TAXII_STATUS, "the server answers {1} for {2}",                                     \
        "서버가 {2}에 대해 {1}(으)로 응답했습니다")                                       \
    X(TAXII_PUSH_REFUSED, "{1}: not taken: {2}", "{1}: 받지 않음: {2}")                   \
    X(TAXII_PUSH_LARGE, "an object of {1} bytes; the server takes {2} at once",           \
        "객체가 {1}바이트입니다; 서버는 한 번에 {2}바이트까지 받습니다")                  \
    X(TAXII_PUSHED, "{1}: {2} sent, {3} taken, {4} not taken",                            \
        "{1}: 보냄 {2}, 받음 {3}, 받지 않음 {4}")
