// SPDX-License-Identifier: Apache-2.0
// Texts of bringing documents in: id, English, Korean.
#pragma once

#define MESSAGE_IMPORT_LIST(X)                                                              \
    X(HELP_IMPORT, "imports STIX, MISP, CSV and text, packed or not (- is standard input)", \
        "STIX, MISP, CSV, 텍스트를 가져옵니다; 압축 파일도 됩니다 (-는 표준 입력)")         \
    X(HELP_IMPORT_FORMAT, "stix, stix20, misp, csv or text (default: found out)",           \
        "stix, stix20, misp, csv, text (기본값: 알아서 판별)")                              \
    X(HELP_IMPORT_PREVIEW, "shows what would be imported, and stores nothing",              \
        "가져올 내용을 보여 주기만 하고 저장하지 않습니다")                                 \
    X(HELP_IMPORT_INDICATORS, "of a table: an indicator for each row, too",                 \
        "표의 행마다 지표도 만듭니다")                                                      \
    X(HELP_QUARANTINE, "lists what was put apart, and lets it in",                          \
        "따로 격리해 둔 것을 보여 주고, 받아들입니다")                                      \
    X(HELP_QUARANTINE_IMPORT, "what this import brought", "이 가져오기가 들여온 것")        \
    X(HELP_QUARANTINE_BEFORE, "what stands before this number", "이 번호 앞의 것")          \
    X(QUARANTINE_ROW, "{1}  {2}  import {3}  {4}", "{1}  {2}  가져오기 {3}  {4}")           \
    X(QUARANTINE_MORE, "more with --before {1}", "더 보려면 --before {1}")                  \
    X(QUARANTINE_ACCEPTED, "{1} accepted; {2} stay, because of a recall or a doubt",        \
        "{1}개를 받아들였습니다; {2}개는 회수나 의심 때문에 남습니다")                      \
    X(IMPORT_ROW_UNDONE, "undone", "되돌림")                                                \
    X(IMPORT_ROW_UNDOING, "to be undone: give the command again",                           \
        "되돌리는 중: 명령을 다시 내리십시오")                                              \
    X(HELP_IMPORT_QUARANTINE, "what is new waits in quarantine",                            \
        "새 객체를 격리 상태로 둡니다")                                                     \
    X(HELP_ORIGINAL, "what it was made from, as the imported document had it",              \
        "변환되기 전, 가져온 문서에 있던 원문")                                             \
    X(IMPORTED, "{1}: {2} new, {3} known already, {4} refused",                             \
        "{1}: 새 객체 {2}, 이미 있던 객체 {3}, 거부 {4}")                                   \
    X(IMPORT_UNMARKED, "  {1} came unmarked and took TLP:{2}",                              \
        "  표시 없는 {1}개는 TLP:{2}로 다룹니다")                                           \
    X(IMPORT_LOSSES, "  {1} remarks on what was changed or dropped: --preview lists them",  \
        "  바뀌거나 빠진 것 {1}건: --preview로 볼 수 있습니다")                             \
    X(PREVIEW_ROW, "{1}:{2}: {3}  {4}", "{1}:{2}: {3}  {4}")                                \
    X(PREVIEW_ROW_FROM, "{1}:{2}: {3}  {4}  from {5}", "{1}:{2}: {3}  {4}  원문 {5}")       \
    X(PREVIEW_LOSS, "{1}:{2}: {3} {4}: {5}", "{1}:{2}: {3} {4}: {5}")                       \
    X(PREVIEWED, "{1}: {2}, {3} objects, {4} refused; nothing was stored",                  \
        "{1}: {2}, 객체 {3}, 거부 {4}; 아무것도 저장하지 않았습니다")                       \
    X(IMPORT_CONFLICTS,                                                                     \
        "{1}: {2} objects differ from the version already held, or come after it was "      \
        "revoked; the first stays",                                                         \
        "{1}: 객체 {2}개가 이미 있는 판과 다르거나 철회된 뒤의 판입니다; 먼저 것을 둡니다") \
    X(HELP_EXPORT, "writes what a recipient may have, in a format of other tools",          \
        "받는 곳에 허용된 것을 다른 도구의 형식으로 내보냅니다")                            \
    X(HELP_EXPORT_TO, "a recipient of our own, such as gb/ncsc",                            \
        "우리 쪽의 받는 곳, 예: gb/ncsc")                                                   \
    X(HELP_EXPORT_FORMAT, "stix, misp, csv or text (one value a line)",                     \
        "stix, misp, csv, text(한 줄에 값 하나)")                                           \
    X(HELP_EXPORT_WARNED, "keeps values that are on a warning list, in csv and text",       \
        "csv와 text에서 경고 목록에 있는 값도 남깁니다")                                    \
    X(HELP_EXPORT_PREVIEW, "shows the document and what it loses, releases nothing",        \
        "문서와 빠지는 것을 보여 주기만 하고 내보내지 않습니다")                            \
    X(HELP_EXPORT_LIMIT, "at most so many objects, and what goes along with them",          \
        "객체를 이 수까지만, 딸린 것과 함께")                                               \
    X(EXPORT_NEXT, "there are more: --after {1}", "더 있습니다: --after {1}")               \
    X(EXPORT_LOSS, "{1}: {2} {3}: {4}", "{1}: {2} {3}: {4}")                                \
    X(EXPORTED, "{1} objects for {2} as {3}; {4} withheld, {5} remarks",                    \
        "{2}에 객체 {1}개를 {3} 형식으로; 보류 {4}, 알림 {5}")                              \
    X(HELP_WATCH, "shows what happens on the node, as it happens",                          \
        "노드에서 일어나는 일을 바로 보여 줍니다")                                          \
    X(HELP_WATCH_AFTER, "begin behind this event; 0: with the first one",                   \
        "이 사건 다음부터; 0은 처음부터")                                                   \
    X(HELP_WATCH_KIND, "only kinds that begin so, joined by commas: import,release",        \
        "이렇게 시작하는 종류만, 쉼표로 구분: import,release")                              \
    X(HELP_WATCH_COUNT, "end after so many events", "이만큼 보여 주고 끝냅니다")            \
    X(EVENT, "{1}  {2}  {3}  {4}  {5}", "{1}  {2}  {3}  {4}  {5}")                          \
    X(WATCH_AGAIN, "the connection broke; asking again, where it was",                      \
        "연결이 끊겼습니다; 멈춘 곳부터 다시 묻습니다")
