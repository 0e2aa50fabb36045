// SPDX-License-Identifier: Apache-2.0
// Texts of the officers' commands: id, English, Korean.
#pragma once

#define MESSAGE_OFFICERS_LIST(X)                                                                                \
    X(HELP_OFFICER,                                                                                             \
        "makes officers' keys and certificates, and keeps the node's register of them",                         \
        "담당관의 키와 인증서를 만들고, 노드의 명부를 관리합니다")                                              \
    X(HELP_APPROVE, "shows an officer what would be done, and signs it; needs no node",                         \
        "할 일을 담당관에게 보여 주고 서명합니다; 노드가 필요 없습니다")                                        \
    X(HELP_PERSON, "keeps the persons of a partner whom TLP:RED may name",                                      \
        "TLP:RED가 지정할 수 있는 상대방 사람들의 명부를 관리합니다")                                           \
    X(HELP_OFFICER_NAME, "the officer's name, without blanks", "담당관의 이름 (빈칸 없이)")                     \
    X(HELP_OFFICER_DAYS, "how long the certificate is good (default: 365)",                                     \
        "인증서의 유효 일수 (기본값: 365)")                                                                     \
    X(HELP_OFFICER_REVOKE, "the key is lost or stolen: nothing that it signed counts",                          \
        "키를 잃었거나 도난당함: 그 서명은 모두 무효입니다")                                                    \
    X(HELP_PASSPHRASE_FILE, "the passphrase is the first line of this file",                                    \
        "암호문은 이 파일의 첫 줄입니다")                                                                       \
    X(HELP_OFFICER_KEY, "the officer's key file", "담당관의 키 파일")                                           \
    X(HELP_YES, "do not ask", "묻지 않습니다")                                                                  \
    X(HELP_ORDER, "write the order that officers approve to this file",                                         \
        "담당관이 승인할 지시서를 이 파일에 씁니다")                                                            \
    X(HELP_APPROVAL, "an officer's approval; two different officers are needed",                                \
        "담당관의 승인 파일; 서로 다른 두 명이 필요합니다")                                                     \
    X(HELP_PERSON_NAMED, "a registered person whom TLP:RED is for; may be repeated",                            \
        "TLP:RED를 받을 등록된 사람; 여러 번 쓸 수 있습니다")                                                   \
    X(HELP_OF, "the partner's party id", "상대방의 당사자 id")                                                  \
    X(HELP_GRANT, "lets a partner pass on what is ours; two officers approve",                                  \
        "상대방이 우리 정보를 다른 곳에 전하도록 허락합니다; 담당관 두 명이 승인합니다")                        \
    X(HELP_GRANT_FOR, "the party that may receive it", "받아도 되는 당사자")                                    \
    X(HELP_GRANT_OBJECT, "one object, which the partner has", "상대방이 가진 객체 하나")                        \
    X(HELP_GRANT_CLASS, "all of ours of this object type; not under originator control",                        \
        "우리의 이 종류 객체 모두; 생산자 통제 아래의 것은 제외")                                               \
    X(HELP_UNTIL, "when it ends: 2027-01-01T00:00:00Z", "끝나는 시각: 2027-01-01T00:00:00Z")                    \
    X(HELP_PURPOSE, "for this purpose only (default: the agreement's first)",                                   \
        "이 목적에만 (기본값: 협정의 첫 목적)")                                                                 \
    X(HELP_TERMS, "terms in words, at most 2,000 characters", "조건을 적은 글, 2,000자까지")                    \
    X(HELP_PREVIEW_ORDER, "do nothing, make the order that officers approve",                                   \
        "아무것도 하지 않고 담당관이 승인할 지시서를 만듭니다")                                                 \
    X(HELP_FLASH,                                                                                               \
        "sends a request for help or a warning before everything else, on one duty officer's "                  \
        "word",                                                                                                 \
        "당직 담당관 한 명의 판단으로 지원 요청이나 경보를 무엇보다 먼저 보냅니다")                             \
    X(HELP_LANG_OF, "the one language that it is in: ko, en", "쓰인 언어 하나: ko, en")                         \
    X(HELP_RULE,                                                                                                \
        "keeps standing rules: what officers let go to a partner by itself, such as "                           \
        "sightings",                                                                                            \
        "담당관이 저절로 나가게 허락한 상시 규칙을 관리합니다, 예: 목격 정보")                                  \
    X(HELP_RULE_TYPES, "object types, joined by commas: sighting,observed-data",                                \
        "쉼표로 이은 객체 종류: sighting,observed-data")                                                        \
    X(HELP_MAX_TLP, "nothing above this TLP (default: green); never red",                                       \
        "이 TLP를 넘지 않는 것만 (기본값: green); red는 안 됩니다")                                             \
    X(HELP_RULE_SOURCE, "what came from this party (default: our own)",                                         \
        "이 당사자에게서 온 것 (기본값: 우리 것)")                                                              \
    X(NO_TERMINAL, "there is no terminal to ask for the passphrase; use --passphrase-file",                     \
        "암호문을 물을 터미널이 없습니다; --passphrase-file을 쓰십시오")                                        \
    X(ASK_PASSPHRASE, "Passphrase: ", "암호문: ")                                                               \
    X(ASK_PASSPHRASE_AGAIN, "The same passphrase again: ", "암호문을 한 번 더: ")                               \
    X(PASSPHRASE_SHORT, "a passphrase has at least {1} bytes; choose a longer one",                             \
        "암호문은 {1}바이트 이상이어야 합니다; 더 길게 정하십시오")                                             \
    X(PASSPHRASE_DIFFERS, "the two passphrases differ; try again",                                              \
        "두 암호문이 다릅니다; 다시 하십시오")                                                                  \
    X(FILE_EXISTS, "{1} is there already; choose another name",                                                 \
        "{1}이(가) 이미 있습니다; 다른 이름을 쓰십시오")                                                        \
    X(OFFICER_KEY, "key id {1}, public key {2}", "키 id {1}, 공개 키 {2}")                                      \
    X(OFFICER_ADDED, "officer {1} is registered, key id {2}",                                                   \
        "담당관 {1}을(를) 등록했습니다, 키 id {2}")                                                             \
    X(OFFICER, "{1}  {2}  {3}  until {4}", "{1}  {2}  {3}  기한 {4}")                                           \
    X(OFFICER_RETIRED, "officer {1} is retired", "담당관 {1}의 직무가 끝났습니다")                              \
    X(PERSON, "{1}: {2}", "{1}: {2}")                                                                           \
    X(PERSON_RETIRED, "{1} is no longer in the register", "{1}을(를) 명부에서 뺐습니다")                        \
    X(ORDER_MEMBER, "{1}: {2}", "{1}: {2}")                                                                     \
    X(ORDER_OBJECTS, "objects: {1}", "객체: {1}개")                                                             \
    X(ORDER_OBJECT, "  {1}  version {2}  TLP {3}  SHA-256 {4}",                                                 \
        "  {1}  판 {2}  TLP {3}  SHA-256 {4}")                                                                  \
    X(ORDER_DIGEST, "digest: {1}", "요약값: {1}")                                                               \
    X(ORDER_ASK, "Do you approve exactly this? Type yes:",                                                      \
        "바로 이것을 승인합니까? 승인하려면 예 를 입력하십시오:")                                               \
    X(ORDER_NOT_APPROVED, "not approved; nothing was signed",                                                   \
        "승인하지 않았습니다; 서명하지 않았습니다")                                                             \
    X(NOT_AN_ORDER, "the file is not an order of: --preview --out",                                             \
        "--preview --out 으로 만든 지시서가 아닙니다")                                                          \
    X(ORDER_WRITTEN, "{1}: the order to approve, digest {2}",                                                   \
        "{1}: 승인할 지시서, 요약값 {2}")                                                                       \
    X(GRANTED, "{1} may pass it on to {2}: grant {3}",                                                          \
        "{1}은(는) {2}에 전할 수 있습니다: 허락 {3}")                                                           \
    X(GRANT, "{1}: by {2}, to {3}, for {4}: {5}, until {6}",                                                    \
        "{1}: {2}이(가) {3}에, 받는 곳 {4}: {5}, 기한 {6}")                                                     \
    X(FLASHED,                                                                                                  \
        "flash {1}: {2} objects to {3}; a second officer reviews it: bongsu flash review",                      \
        "긴급 전파 {1}: 객체 {2}개를 {3}에 보냄; 다른 담당관이 검토합니다: bongsu flash " \
        "review")                                                                                               \
    X(FLASH, "{1}  to {2} at {3}, by {4}, in {5}: {6}",                                                         \
        "{1}  {2}에, {3}, 담당관 {4}, 언어 {5}: {6}")                                                           \
    X(FLASH_OPEN, "not reviewed", "검토 전")                                                                    \
    X(FLASH_REVIEWED, "flash {1} is reviewed", "긴급 전파 {1}을(를) 검토했습니다")                              \
    X(RULE_ADDED, "rule {1} is in force", "규칙 {1}을(를) 시행합니다")                                          \
    X(RULE, "{1}: {3} from {4} to {2}, at most TLP {5}",                                                        \
        "{1}: {4}의 {3}, {2}에, TLP {5} 이하")                                                                  \
    X(RULE_REMOVED, "rule {1} is no longer in force", "규칙 {1}을(를) 그만둡니다")
