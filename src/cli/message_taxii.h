// SPDX-License-Identifier: Apache-2.0
// Texts of TAXII: id, English, Korean.
#pragma once

#define MESSAGE_TAXII_LIST(X)                                                               \
    X(HELP_TAXII, "says what other tools may fetch and post by TAXII 2.1, and who",         \
        "다른 도구가 TAXII 2.1로 가져가고 보낼 수 있는 것과 그 대상을 정합니다")            \
    X(HELP_TAXII_TITLE, "what people call it", "사람이 부르는 이름")                        \
    X(HELP_TAXII_DESCRIPTION, "more about it", "설명")                                      \
    X(HELP_TAXII_BYTES, "the longest post, in bytes; 8 MiB unless said",                    \
        "한 번에 보낼 수 있는 최대 바이트 수; 기본 8 MiB")                                  \
    X(HELP_TAXII_KIND, "view (what may be fetched) or inbox (what is posted)",              \
        "view(가져갈 수 있는 것) 또는 inbox(보내온 것)")                                    \
    X(HELP_TAXII_ALIAS, "a short name for the address", "주소에 쓸 짧은 이름")              \
    X(HELP_TAXII_PAGE, "most objects of a page, 1 to 1000; 100 unless said",                \
        "한 쪽의 최대 객체 수, 1~1000; 기본 100")                                           \
    X(HELP_TAXII_TYPES, "of a view: only these types, joined by commas",                    \
        "view: 이 유형만, 쉼표로 구분")                                                     \
    X(HELP_TAXII_SOURCE, "of a view: only what came from this party",                       \
        "view: 이 당사자에게서 온 것만")                                                    \
    X(HELP_TAXII_MAX_TLP, "of a view: nothing above this; amber+strict unless said",        \
        "view: 이 등급을 넘는 것은 제외; 기본 amber+strict")                                \
    X(HELP_TAXII_HANDLING, "of an inbox: what unmarked objects get, or quarantine",         \
        "inbox: 표시 없는 객체의 취급 등급, 또는 quarantine(격리)")                         \
    X(HELP_TAXII_TO, "the recipient of our own, such as gb/ncsc",                           \
        "우리 쪽 수신자, 예: gb/ncsc")                                                      \
    X(HELP_TAXII_MAY, "read, write or both; read unless said",                              \
        "read, write 또는 both; 기본 read")                                                 \
    X(HELP_TAXII_CERTIFICATE, "a certificate in PEM that stands for the account",           \
        "계정을 나타내는 PEM 인증서")                                                       \
    X(HELP_TAXII_RECIPIENT, "whose account it is", "계정의 수신자")                         \
    X(TAXII_ROOT, "{1}: {2}, at /taxii2/{1}/", "{1}: {2}, 주소 /taxii2/{1}/")               \
    X(TAXII_COLLECTION, "{1} in {2}: {3}, {4}", "{2}의 {1}: {3}, {4}")                      \
    X(TAXII_SHARE, "  for {1}: {2} objects, {3} waiting", "  대상 {1}: 객체 {2}, 대기 {3}") \
    X(TAXII_SHARED, "{1} is there for {2} now", "{1}이(가) 이제 {2}에게 보입니다")          \
    X(TAXII_REMOVED, "removed {1}", "{1}을(를) 없앴습니다")                                 \
    X(TAXII_ACCOUNT, "account {1} of {2}; its password, shown once: {3}",                   \
        "{2}의 계정 {1}; 암호(한 번만 표시): {3}")                                          \
    X(TAXII_ACCOUNT_CERTIFICATE, "account {1} of {2}, by its certificate",                  \
        "{2}의 계정 {1}, 인증서로 접속")                                                    \
    X(TAXII_ACCOUNT_NAMED, "account {1} of {2}", "{2}의 계정 {1}")                          \
    X(TAXII_ACCOUNT_GONE, "account {1} of {2}, removed", "{2}의 계정 {1}, 없앰")
