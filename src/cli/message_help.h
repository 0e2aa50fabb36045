// SPDX-License-Identifier: Apache-2.0
// Texts of the help: id, English, Korean.
#pragma once

#define MESSAGE_HELP_LIST(X)                                                                                           \
    X(OVERVIEW, "Bongsu: warnings between sovereign states, signed by both.\nSubcommands:",                            \
        "봉수: 주권 국가 사이의 경보, 양측이 서명합니다.\n하위 명령:")                                                 \
    X(OVERVIEW_COMMON,                                                                                                 \
        "Everywhere: -n DIR (or BONGSU_NODE) names the node, --json prints JSON, --lang "                              \
        "en|ko.\n"                                                                                                     \
        "bongsu help SUBCOMMAND tells more. Exit codes: 0 done or yes, 1 the answer is no,\n"                          \
        "2 wrong use, 3 refused by a rule or right, 4 bad input, 5 the system failed.",                                \
        "공통: -n 폴더(또는 BONGSU_NODE)는 노드를, --json은 JSON 출력을, --lang en|ko는 "               \
        "언어를 정합니다.\n"                                                                                    \
        "bongsu help 하위명령 으로 더 볼 수 있습니다. 종료 코드: 0 완료 또는 예, 1 아니요,\n" \
        "2 잘못된 사용, 3 규칙이나 권한에 따른 거부, 4 잘못된 입력, 5 시스템 오류.")                                   \
    X(HELP_STATUS, "tells how the node and its links are", "노드와 링크의 상태를 보여 줍니다")                         \
    X(HELP_TOKEN, "makes and revokes the tokens that let people in",                                                   \
        "사용자의 토큰을 만들고 폐기합니다")                                                                           \
    X(HELP_RECIPIENT, "says who inside our own side may be given something",                                           \
        "우리 측 안에서 정보를 받을 수 있는 수신자를 관리합니다")                                                      \
    X(HELP_TOKEN_RECIPIENT,                                                                                            \
        "whose token it is: it reads only what was released to that recipient",                                        \
        "토큰의 수신자: 그 수신자에게 배포된 것만 읽습니다")                                                           \
    X(HELP_KIND, "agency (default), person or sensor", "agency(기본값), person 또는 sensor")                           \
    X(HELP_CLIENT,                                                                                                     \
        "served by our organisation, no part of it: AMBER+STRICT does not reach it",                                   \
        "우리 조직의 일부가 아닌 고객: AMBER+STRICT는 미치지 않습니다")                                                \
    X(HELP_NATION, "its nation, ISO 3166-1 alpha-3 (default: the node's)",                                             \
        "국적, ISO 3166-1 alpha-3 (기본값: 노드의 국적)")                                                              \
    X(HELP_PURPOSES,                                                                                                   \
        "what it may use things for, joined by commas (default: threat-intelligence)",                                 \
        "사용 목적, 쉼표로 이어 씁니다 (기본값: threat-intelligence)")                                                 \
    X(HELP_LINK, "makes a link with a partner, and carries its batches by hand",                                       \
        "상대방과 링크를 맺고, 묶음을 손으로 옮깁니다")                                                                \
    X(HELP_KEY, "makes new keys, certifies them with the party root, puts them in force",                              \
        "새 키를 만들고, 당사자 루트로 인증하고, 효력을 줍니다")                                                       \
    X(HELP_FOR, "the partner whose log it is", "원장의 상대방")                                                        \
    X(HELP_ROOT, "the key file of the party root", "당사자 루트의 키 파일")                                            \
    X(HELP_KEY_DAYS, "how long the key is good (default: 397)",                                                        \
        "키의 유효 일수 (기본값: 397)")                                                                                \
    X(HELP_KEY_REASON, "why, a code of a-z and hyphens (default: routine)",                                            \
        "까닭, a-z와 하이픈으로 된 코드 (기본값: routine)")                                                            \
    X(HELP_EPOCH, "for a log that begins again: the next number",                                                      \
        "다시 시작하는 원장: 다음 번호")                                                                               \
    X(HELP_REVOKE, "lost or stolen, not only over", "기한이 아니라 분실이나 도난")                                     \
    X(HELP_ENCRYPT_KEYS, "seal the key files with the unlock secret",                                                  \
        "키 파일을 잠금 비밀로 봉인합니다")                                                                            \
    X(HELP_UNLOCK_FILE, "where the unlock secret is read at each start",                                               \
        "시작할 때마다 잠금 비밀을 읽을 파일")                                                                         \
    X(HELP_SHOW, "prints an object as it was received", "객체를 받은 그대로 보여 줍니다")                              \
    X(HELP_FIND, "lists objects", "객체 목록을 보여 줍니다")                                                           \
    X(HELP_LOOKUP, "asks whether values are known, defanged or not",                                                   \
        "값이 알려져 있는지 묻습니다 (무해화된 표기도 됩니다)")                                                        \
    X(HELP_EXPLAIN, "tells whether an object may go to a partner, and why",                                            \
        "객체를 상대방에게 보낼 수 있는지와 그 까닭을 설명합니다")                                                     \
    X(HELP_RELEASE, "releases objects to a partner, or previews the bytes that would go",                              \
        "객체를 상대방에게 배포하거나, 나갈 바이트를 미리 봅니다")                                                     \
    X(HELP_RECALL, "demands an object back from everyone who got it",                                                  \
        "받은 모든 곳에서 객체를 회수합니다")                                                                          \
    X(HELP_LEDGER, "takes evidence of the ledgers, and verifies it without a node",                                    \
        "원장의 증거를 꺼내고, 노드 없이 검증합니다")                                                                  \
    X(HELP_STIX, "checks STIX files without a node (- is standard input)",                                             \
        "노드 없이 STIX 파일을 검사합니다 (-는 표준 입력)")                                                            \
    X(HELP_PATTERN, "judges STIX patterns without a node", "노드 없이 STIX 패턴을 판정합니다")                         \
    X(HELP_ERRORS, "tell errors only, no warnings", "경고 없이 오류만 알립니다")                                       \
    X(HELP_PATTERN_FILE, "judge this file's patterns too, one a line",                                                 \
        "이 파일의 패턴도 한 줄에 하나씩 판정합니다")                                                                  \
    X(HELP_PRINT, "print each good pattern in its normal form",                                                        \
        "올바른 패턴을 정규형으로 출력합니다")                                                                         \
    X(HELP_INIT, "makes a node's folder: keys, certificate, empty store",                                              \
        "노드의 폴더를 만듭니다: 키, 인증서, 빈 저장소")                                                               \
    X(HELP_SERVE, "runs the node until SIGTERM or Ctrl-C",                                                             \
        "SIGTERM이나 Ctrl-C까지 노드를 실행합니다")                                                                    \
    X(HELP_SIGNER, "the signing process; serve starts it, people never do",                                            \
        "서명 프로세스; serve가 시작하며 사람이 직접 쓰지 않습니다")                                                   \
    X(HELP_RIGHTS, "read, import, release, recall, carry, joined by commas (default: read)",                           \
        "read, import, release, recall, carry를 쉼표로 이어 씁니다 (기본값: read)")                                    \
    X(HELP_SAVE, "keep the token in the node's folder, for the commands of its owner",                                 \
        "토큰을 노드 폴더에 저장하여 소유자의 명령에 씁니다")                                                          \
    X(HELP_TO, "the partner's party id, such as kr", "상대방의 당사자 id, 예: kr")                                     \
    X(HELP_TO_WHOM, "a partner, such as kr, or a recipient of our own, such as gb/ncsc",                               \
        "상대방(예: kr) 또는 우리 측 수신자(예: gb/ncsc)")                                                             \
    X(HELP_OUT, "write the result to this file, whole or not at all",                                                  \
        "결과를 이 파일에 온전히 쓰거나 전혀 쓰지 않습니다")                                                           \
    X(HELP_ADDRESS, "where the partner's node is reached: https://HOST:PORT",                                          \
        "상대방 노드의 주소: https://HOST:PORT")                                                                       \
    X(HELP_STATEMENT, "what the partner's root has said of its new TLS key",                                           \
        "상대방 루트가 새 TLS 키를 확인한 진술")                                                                       \
    X(HELP_DAYS, "how long the offer is good (default: 365)",                                                          \
        "제안의 유효 일수 (기본값: 365)")                                                                              \
    X(HELP_HANDLING, "TLP of what comes unmarked: clear, green, amber, amber+strict, red",                             \
        "표시 없는 것의 TLP: clear, green, amber, amber+strict, red")                                                  \
    X(HELP_ORIGINATOR, "whose information it is, when not our own",                                                    \
        "우리 것이 아닐 때 정보의 생산자")                                                                             \
    X(HELP_IMPORTS, "lists imports, newest first; bongsu import undo NUMBER takes one back",                           \
        "가져오기 목록을 최근 것부터 보여 줍니다; bongsu import undo 번호 로 되돌립니다")                              \
    X(HELP_TIGHTEN, "handles an object more strictly from now on; never more loosely",                                 \
        "객체를 이제부터 더 엄격히 다룹니다; 느슨하게 하지는 못합니다")                                                \
    X(HELP_UNDO_DESTROY, "undo: destroy what the import added",                                                        \
        "undo: 그 가져오기로 들어온 것을 파기합니다")                                                                  \
    X(HELP_STRICTER, "at least this TLP: green, amber, amber+strict, red",                                             \
        "적어도 이 TLP: green, amber, amber+strict, red")                                                              \
    X(HELP_NATIONS, "only these nations, as in GBR,KOR", "이 국가에만, 보기: GBR,KOR")                                 \
    X(HELP_NOFORN, "not releasable to another nation", "외국 배포 금지")                                               \
    X(HELP_ORCON, "each release needs its originator", "배포마다 생산자의 허락이 필요함")                              \
    X(HELP_EMBARGO, "not before this time", "이 시각 전에는 배포 금지")                                                \
    X(HELP_EXPIRES, "not after this time", "이 시각 뒤에는 배포 금지")                                                 \
    X(HELP_BEFORE, "imports before this number", "이 번호 앞의 가져오기")                                              \
    X(HELP_DECLINE, "leave a proposed recall undone", "제안된 회수를 하지 않습니다")                                   \
    X(HELP_PROPOSED, "list the recalls that wait for an officer",                                                      \
        "담당관의 결정을 기다리는 회수 목록")                                                                          \
    X(HELP_RECALLS_OPEN, "list the recalls with something left to answer, ours and theirs",                            \
        "응답이 남은 회수 목록 (우리 것과 상대방 것)")                                                                 \
    X(HELP_ANSWER, "answer a partner's recall: destroyed, quarantined, retained-legal",                                \
        "상대방의 회수에 응답: destroyed, quarantined, retained-legal")                                                \
    X(HELP_WHY, "the reason, kept here", "이유 (여기에만 남습니다)")                                                   \
    X(HELP_CHOOSE,                                                                                                     \
        "how recalls are answered on arrival: destroy (default), or ask an officer",                                   \
        "회수가 오면 할 일: destroy(기본값) 또는 ask(담당관에게 물음)")                                                \
    X(HELP_SOURCE, "only rows from this party", "이 당사자에게서 온 것만")                                             \
    X(HELP_TYPE, "only objects of this STIX type", "이 STIX 종류의 객체만")                                            \
    X(HELP_SINCE, "received after this time", "이 시각 뒤에 받은 것")                                                  \
    X(HELP_VALUE, "objects that hold this value", "이 값을 가진 객체")                                                 \
    X(HELP_REF, "objects that name this id", "이 id를 가리키는 객체")                                                  \
    X(HELP_LIMIT, "at most so many (default: 100)", "최대 개수 (기본값: 100)")                                         \
    X(HELP_AFTER, "the next page begins after this number", "다음 쪽이 시작되는 번호")                                 \
    X(HELP_ALL, "everything held (of --type, when given)",                                                             \
        "가진 것 모두 (--type이 있으면 그 종류)")                                                                      \
    X(HELP_PREVIEW, "print exactly the bytes that would go, release nothing",                                          \
        "나갈 바이트를 그대로 출력하고 배포하지 않습니다")                                                             \
    X(HELP_PRIORITY, "urgent overtakes bulk on the way", "urgent는 bulk보다 먼저 갑니다")                              \
    X(HELP_REASON, "a code of a-z and hyphens (default: error)",                                                       \
        "a-z와 하이픈으로 된 코드 (기본값: error)")                                                                    \
    X(HELP_HOURS, "deadline of the answer (default: the agreement's)",                                                 \
        "응답 기한 (기본값: 협정의 기한)")                                                                             \
    X(HELP_POLICY, "whose logs and cosignatures are trusted", "신뢰할 원장과 공동 서명")                               \
    X(HELP_PARTY, "our short id: gb", "우리의 짧은 id: gb")                                                            \
    X(HELP_NODE_NAME, "the node's name: node.gb.example", "노드의 이름: node.gb.example")                              \
    X(HELP_COUNTRY, "ISO 3166-1 alpha-3, as lists of nationalities name us: GBR",                                      \
        "국적 목록이 쓰는 ISO 3166-1 alpha-3 부호: GBR")                                                               \
    X(HELP_REALM, "live (default), or the name of an exercise",                                                        \
        "live(기본값) 또는 훈련의 이름")                                                                               \
    X(HELP_LISTEN, "port 0 takes a free one (default: 127.0.0.1:0)",                                                   \
        "포트 0은 빈 포트를 씁니다 (기본값: 127.0.0.1:0)")                                                             \
    X(HELP_REPORT_FD, "write the address to this descriptor when it is reachable",                                     \
        "접속할 수 있게 되면 이 디스크립터에 주소를 씁니다")
