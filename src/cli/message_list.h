// SPDX-License-Identifier: Apache-2.0
// Texts of what happened: id, English, Korean.
#pragma once

#include "cli/message_feed.h"
#include "cli/message_help.h"
#include "cli/message_import.h"
#include "cli/message_key.h"
#include "cli/message_officers.h"
#include "cli/message_operate.h"
#include "cli/message_search.h"
#include "cli/message_taxii.h"
#include "cli/message_warning.h"

#define MESSAGE_LIST(X)                                                                                              \
    MESSAGE_FEED_LIST(X)                                                                                             \
    MESSAGE_HELP_LIST(X)                                                                                             \
    MESSAGE_IMPORT_LIST(X)                                                                                           \
    MESSAGE_KEY_LIST(X)                                                                                              \
    MESSAGE_OPERATE_LIST(X)                                                                                          \
    MESSAGE_SEARCH_LIST(X)                                                                                           \
    MESSAGE_OFFICERS_LIST(X)                                                                                         \
    MESSAGE_TAXII_LIST(X)                                                                                            \
    MESSAGE_WARNING_LIST(X)                                                                                          \
    X(PLAIN, "{1}", "{1}")                                                                                           \
    X(OPTION_TWICE, "--{1} was given twice; give it once",                                                           \
        "--{1}이(가) 두 번 있습니다; 한 번만 쓰십시오")                                                              \
    X(OPTION_NO_VALUE, "--{1} takes no value", "--{1}에는 값을 쓰지 않습니다")                                       \
    X(OPTION_NEEDS_VALUE, "{1} needs a value: {2}", "{1}에 값이 필요합니다: {2}")                                    \
    X(OPTION_UNKNOWN, "there is no option --{1}; see: bongsu help {2}",                                              \
        "--{1} 선택 사항은 없습니다; bongsu help {2} 를 보십시오")                                                   \
    X(OPTION_NEEDED, "--{1} is needed", "--{1}이(가) 필요합니다")                                                    \
    X(NOT_A_NUMBER, "--{1} is a number, not {2}", "--{1}은(는) 숫자여야 합니다: {2}")                                \
    X(TOO_MANY_ARGUMENTS, "{1} is one argument too many; the form is: {2}",                                          \
        "{1} 인수가 남습니다; 형식: {2}")                                                                            \
    X(TOO_FEW_ARGUMENTS, "an argument is missing; the form is: {1}",                                                 \
        "인수가 모자랍니다; 형식: {1}")                                                                              \
    X(BAD_ARGUMENT, "this cannot be: {1}", "쓸 수 없는 값입니다: {1}")                                               \
    X(NO_SUCH_COMMAND, "there is no subcommand {1}; see: bongsu help",                                               \
        "{1} 하위 명령은 없습니다; bongsu help 를 보십시오")                                                         \
    X(NO_SUCH_VERB, "{1} is not one of: {2}", "{1}은(는) 다음 가운데 없습니다: {2}")                                 \
    X(NO_NODE, "which node? Give -n DIR, or set BONGSU_NODE",                                                        \
        "어느 노드입니까? -n 폴더를 쓰거나 BONGSU_NODE를 정하십시오")                                                \
    X(NODE_NOT_RUNNING, "the node in {1} does not answer; start it with: bongsu -n {1} serve",                       \
        "{1}의 노드가 응답하지 않습니다; 시작: bongsu -n {1} serve")                                                 \
    X(NO_NODE_THERE, "{1} is no node's folder; make one with: bongsu init {1}",                                      \
        "{1}은(는) 노드 폴더가 아닙니다; 만들기: bongsu init {1}")                                                   \
    X(PATH_TOO_LONG,                                                                                                 \
        "the socket's path is too long for the system: {1}; use a shorter folder",                                   \
        "소켓 경로가 시스템 한도보다 깁니다: {1}; 더 짧은 폴더를 쓰십시오")                                          \
    X(CANNOT_READ, "cannot read {1}", "{1}을(를) 읽을 수 없습니다")                                                  \
    X(CANNOT_WRITE, "cannot write {1}: no room, no right, or no such folder",                                        \
        "{1}에 쓸 수 없습니다: 공간, 권한 또는 폴더를 확인하십시오")                                                 \
    X(TOO_LARGE, "{1} is over the limit", "{1}이(가) 한도를 넘습니다")                                               \
    X(SYSTEM, "the system failed: {1}", "시스템 오류: {1}")                                                          \
    X(SYSTEM_AT, "{1}: {2}", "{1}: {2}")                                                                             \
    X(STRANGE_ANSWER,                                                                                                \
        "the node's answer could not be read (status {1}); are program and node of one "                             \
        "version?",                                                                                                  \
        "노드의 응답을 읽을 수 없습니다 (상태 {1}); 프로그램과 노드의 판이 같은지 "      \
        "확인하십시오")                                                                                              \
    X(AT_BYTE, "{1}: byte {2}: {3}", "{1}: {2}번째 바이트: {3}")                                                     \
    X(IN_FILE, "{1}: {2}", "{1}: {2}")                                                                               \
    X(CONF_LINE, "{1}: line {2}: {3}", "{1}: {2}번째 줄: {3}")                                                       \
    X(DIR_EXISTS, "{1} is there already; nothing was changed",                                                       \
        "{1}이(가) 이미 있습니다; 바꾼 것이 없습니다")                                                               \
    X(ALREADY_RUNNING, "a node runs in {1} already", "{1}에서 이미 노드가 실행 중입니다")                            \
    X(INIT_DONE,                                                                                                     \
        "made node {2} in {1}; keys/root.key is the party root: keep it off line after "                             \
        "linking",                                                                                                   \
        "{1}에 노드 {2}을(를) 만들었습니다; keys/root.key는 당사자 루트이므로 링크 뒤에는 " \
        "오프라인에 보관하십시오")                                                                                   \
    X(STATUS_NODE, "{1}  {2}  realm {3}  {4} objects", "{1}  {2}  영역 {3}  객체 {4}개")                             \
    X(STATUS_LINK, "link {1}: {2}, {3} waiting, last contact: {4}",                                                  \
        "링크 {1}: {2}, 대기 {3}, 마지막 접촉: {4}")                                                                 \
    X(STATUS_COUNTS,                                                                                                 \
        "  {1} objects released, {2} receipts, {3} objects received, {4} recalled",                                  \
        "  배포한 객체 {1}, 수령증 {2}, 받은 객체 {3}, 회수 {4}")                                                    \
    X(STATUS_CLOSING, "  releases above CLEAR are held in {1} s unless the partner cosigns",                         \
        "  상대방이 공동 서명하지 않으면 {1}초 뒤에 CLEAR를 넘는 배포를 보류합니다")                                 \
    X(TOKEN_SAVED, "token saved in {1}", "토큰을 {1}에 저장했습니다")                                                \
    X(TOKEN_REVOKED, "token {1} is revoked", "토큰 {1}을(를) 폐기했습니다")                                          \
    X(RECIPIENT_ROW, "{1}  {2}  {3}  for {4}", "{1}  {2}  {3}  목적 {4}")                                            \
    X(RECIPIENT_CLIENT, "{1}  {2}, client  {3}  for {4}", "{1}  {2}, 고객  {3}  목적 {4}")                           \
    X(RECIPIENT_RETIRED, "{1} is retired", "{1}은(는) 수신자에서 물러났습니다")                                      \
    X(FOUND_ROW, "{1}  {2}  {3}  {4}", "{1}  {2}  {3}  {4}")                                                         \
    X(FOUND_MORE, "more with: --after {1}", "더 보기: --after {1}")                                                  \
    X(LOOKUP_HIT, "{1}: {2}  from {3}  {4}", "{1}: {2}  출처 {3}  {4}")                                              \
    X(LOOKUP_NONE, "{1}: not known", "{1}: 알려진 것 없음")                                                          \
    X(EXPLAIN_ROW, "{1} by {2}: {3} (from {4})", "{1}, 규칙 {2}: {3} (출처 {4})")                                    \
    X(RELEASE_WHAT, "name the objects, or --all, but not both",                                                      \
        "객체를 지정하거나 --all을 쓰되, 둘 다 쓰지는 마십시오")                                                     \
    X(RELEASED, "{1} objects released to {2} under {3} entries, {4} withheld",                                       \
        "객체 {1}개를 {2}에 항목 {3}개로 배포, {4}개는 보류")                                                        \
    X(WITHHELD, "{1}: {2} by {3}: {4}", "{1}: {2}, 규칙 {3}: {4}")                                                   \
    X(RECALLED, "{1} is demanded back from {2}", "{1}을(를) {2}에서 회수합니다")                                     \
    X(RECALL_WHAT, "name one object, or one of --proposed, --open and --choose",                                     \
        "객체 하나를 지정하거나 --proposed, --open, --choose 가운데 하나를 쓰십시오")                                \
    X(RECALL_OPEN_OURS, "{1} has still to answer for {2} objects by {3}",                                            \
        "{1}이(가) 객체 {2}개에 대해 {3}까지 응답해야 합니다")                                                       \
    X(RECALL_OPEN_THEIRS, "we have still to answer {1} for {2} objects by {3}",                                      \
        "{1}에게 객체 {2}개에 대해 {3}까지 응답해야 합니다")                                                         \
    X(RECALL_OVERDUE, "  OVERDUE", "  기한 지남")                                                                    \
    X(RECALL_ANSWERED, "{1}: answered {2}", "{1}: {2}(으)로 응답했습니다")                                           \
    X(RECALL_CHOSEN, "recalls of {1}: {2}", "{1}의 회수: {2}")                                                       \
    X(RECALLS_OVERDUE, "  {1} recalls are overdue; see: bongsu recall --open",                                       \
        "  기한이 지난 회수 {1}건이 있습니다; bongsu recall --open 을 보십시오")                                     \
    X(RECALLS_PROPOSED, "  {1} recalls are proposed; see: bongsu recall --proposed",                                 \
        "  회수 제안 {1}건이 있습니다; bongsu recall --proposed 를 보십시오")                                        \
    X(RECALL_PROPOSED, "{1} (from {2}), proposed {3}: {4}", "{1} (출처 {2}), {3} 제안: {4}")                         \
    X(RECALL_DECLINED, "{1} stays with those who have it", "{1}을(를) 회수하지 않습니다")                            \
    X(TIGHTENED, "{1}: {2} of {3} rows are handled more strictly now",                                               \
        "{1}: {3}행 가운데 {2}행을 이제 더 엄격히 다룹니다")                                                         \
    X(IMPORT_ROW, "{1}  {2}  {3} new  {4}", "{1}  {2}  새 객체 {3}  {4}")                                            \
    X(IMPORT_UNDONE, "import {1} ({2}) is undone: {3} objects",                                                      \
        "가져오기 {1} ({2}) 을(를) 되돌렸습니다: 객체 {3}")                                                          \
    X(WRITTEN, "{1}: {2} bytes", "{1}: {2}바이트")                                                                   \
    X(LEDGER_HOLDS,                                                                                                  \
        "consistent: {1} entries, {2} to be receipted, {3} receipts, {4} unreceipted",                               \
        "일관됨: 항목 {1}, 수령증이 필요한 항목 {2}, 수령증 {3}, 수령증 없음 {4}")                                   \
    X(REPLAYED, "{1} decisions of {2} entries taken again: {3} do not match",                                        \
        "항목 {2}개의 결정 {1}건을 다시 내렸습니다: 맞지 않는 것 {3}")                                               \
    X(REPLAY_PROBLEM, "entry {1}: {2}: {3}", "항목 {1}: {2}: {3}")                                                   \
    X(STIX_ERROR, "{1}: line {2}, byte {3}: error {4}",                                                              \
        "{1}: {2}번째 줄, {3}번째 바이트: 오류 {4}")                                                                 \
    X(STIX_WARNING, "{1}: line {2}, byte {3}: warning {4}",                                                          \
        "{1}: {2}번째 줄, {3}번째 바이트: 경고 {4}")                                                                 \
    X(STIX_CHECKED, "{1}: {2} objects, {3} errors, {4} warnings",                                                    \
        "{1}: 객체 {2}, 오류 {3}, 경고 {4}")                                                                         \
    X(STIX_OLD,                                                                                                      \
        "{1}: {2} objects are of STIX 2.0: bongsu import upgrades them, only STIX 2.1 is "                           \
        "checked",                                                                                                   \
        "{1}: 객체 {2}개는 STIX 2.0입니다: bongsu import가 올려 주며, 검사는 STIX 2.1만 "            \
        "합니다")                                                                                                    \
    X(AGREEMENT, "agreement of {1} and {2}; compare this digest with the other side: {3}",                           \
        "{1}과(와) {2}의 협정; 이 요약값을 상대방과 비교하십시오: {3}")                                              \
    X(AGREEMENT_REFUSED, "the two offers make no agreement: {1}",                                                    \
        "두 제안으로 협정을 만들 수 없습니다: {1}")                                                                  \
    X(LINK_ADDED, "link added; partner at {1}", "링크를 추가했습니다; 상대방 주소 {1}")                              \
    X(LINK_STATE, "link {1} is {2}", "링크 {1}: {2}")                                                                \
    X(LINK_MODE, "link {1} goes by {2}", "링크 {1} 전달 방식: {2}")                                                  \
    X(BATCH_IMPORTED, "{1} entries, {2} objects, {3} receipts",                                                      \
        "항목 {1}, 객체 {2}, 수령증 {3}")
