// SPDX-License-Identifier: Apache-2.0
// Texts of the operator's subcommands: id, English, Korean.
#pragma once

// clang-format off
#define MESSAGE_OPERATE_LIST(X) \
    X(HELP_MANUAL, "prints a manual page, for man -l", "설명서를 출력합니다(man -l 로 봅니다)") \
    X(HELP_COMPLETION, "prints what a shell needs to complete words", \
        "셸의 자동 완성에 필요한 정의를 출력합니다") \
    X(MANUAL_NODE, "the node's folder, where -n is not given", "-n 이 없을 때의 노드 폴더") \
    X(MANUAL_TOKEN, "the token; else the file `token` in the node's folder", \
        "토큰; 없으면 노드 폴더의 token 파일") \
    X(MANUAL_LANG, "en or ko; else LANG decides", "en 또는 ko; 없으면 LANG 을 따릅니다") \
    X(MANUAL_CONF, "One \"key = value\" a line; # begins a comment. What people decide is in the " \
        "database, not here.", \
        "한 줄에 \"키 = 값\" 하나씩 쓰고, # 뒤는 주석입니다. 사람이 결정하는 것은 여기가 아니라 " \
        "데이터베이스에 있습니다.") \
    X(HELP_CHECK, "verifies the node's store (or a backup) from end to end", \
        "노드의 저장소(또는 백업)를 처음부터 끝까지 검증합니다") \
    X(HELP_REBUILD, "makes the indexes of a stopped node again from what it was given", \
        "멈춘 노드의 색인을 받은 자료에서 다시 만듭니다") \
    X(HELP_BACKUP, "copies and verifies the store of a node, running or not, into a new folder", \
        "실행 중이거나 멈춘 노드의 저장소를 새 폴더에 복사하고 검증합니다") \
    X(HELP_WITH_KEYS, "the node's keys too: whoever has the backup is then the node", \
        "노드의 키도 넣습니다: 그 백업을 가진 사람은 노드 행세를 할 수 있습니다") \
    X(HELP_RESTORE, "makes a node's folder from a backup, or puts back what it lost", \
        "백업에서 노드 폴더를 만들거나 잃은 것을 되돌립니다") \
    X(HELP_RECOVER, "asks the partners for what came after a backup, and makes the node fit to serve", \
        "백업 뒤에 온 것을 상대방에게서 되찾아 노드를 시작할 수 있게 합니다") \
    X(LOST, "lost: of entry {2} to {1} (release {3}), {4} objects; release them again when you have them", \
        "잃음: {1}에 보낸 항목 {2}(배포 {3})의 객체 {4}개; 구하면 다시 배포하십시오") \
    X(RECOVERED, "link {1}: {2} entries of ours and {3} of theirs came back, with {4} objects", \
        "링크 {1}: 우리 항목 {2}, 상대 항목 {3}, 객체 {4}개를 되찾았습니다") \
    X(RECOVERED_ALL, "the node may serve: bongsu -n {1} serve", "이제 시작할 수 있습니다: bongsu -n {1} serve") \
    X(KEYS_MOVE, "the files in {1}/keys changed while they were copied; try again", \
        "{1}/keys 의 파일이 복사하는 동안 바뀌었습니다; 다시 하십시오") \
    X(NOT_RECOVERED, "link {1}: {2}; what was recovered before it stays, run it again", \
        "링크 {1}: {2}; 그 전에 되찾은 것은 남으니 다시 실행하십시오") \
    X(STATUS_HEALTH, "{1} MiB of disk free, TLS certificate good for {2} days", \
        "디스크 여유 {1} MiB, TLS 인증서 유효 {2}일") \
    X(STATUS_ALARM, "ALARM {1}: {2} {3}", "경보 {1}: {2} {3}") \
    X(BACKED_UP, "{1}: {2} objects and {3} ledger entries, verified; without keys", \
        "{1}: 객체 {2}, 원장 항목 {3}, 검증함; 키 없음") \
    X(BACKED_UP_KEYS, "{1}: {2} objects and {3} ledger entries, verified; with keys", \
        "{1}: 객체 {2}, 원장 항목 {3}, 검증함; 키 포함") \
    X(BACKUP_DAMAGED, "{1} is damaged, so nothing was written; see: bongsu check", \
        "{1}이(가) 손상되어 아무것도 쓰지 않았습니다; bongsu check 를 보십시오") \
    X(BACKUP_OTHER_NODE, "the backup is of another node, {1}; nothing was changed", \
        "다른 노드 {1}의 백업입니다; 바꾼 것이 없습니다") \
    X(RESTORED, "{1} is as it was at {2}; before it serves, run: bongsu -n {1} recover", \
        "{1}을(를) {2} 상태로 되돌렸습니다; 시작하기 전에 실행: bongsu -n {1} recover") \
    X(PROGRESS, "{1}: {2} of {3}", "{1}: {3} 가운데 {2}") \
    X(PROGRESS_FILE, "file", "파일") \
    X(PROGRESS_OBJECTS, "objects", "객체") \
    X(PROGRESS_LEDGERS, "ledger entries", "원장 항목") \
    X(PROBLEM, "{1}: {2}; {3}", "{1}: {2}; {3}") \
    X(MEND_REBUILD, "stop the node and run: bongsu rebuild", "노드를 멈추고 bongsu rebuild 를 실행하십시오") \
    X(MEND_RECOVER, "stop the node and run: bongsu recover", "노드를 멈추고 bongsu recover 를 실행하십시오") \
    X(MEND_RESTORE, "put a backup back (bongsu restore), then run: bongsu recover", \
        "백업을 되돌린 뒤(bongsu restore) bongsu recover 를 실행하십시오") \
    X(CHECK_CLEAN, "whole: {1} objects, {2} ledger entries", "온전함: 객체 {1}, 원장 항목 {2}") \
    X(CHECK_FOUND, "{3} problems in {1} objects and {2} ledger entries", \
        "객체 {1}, 원장 항목 {2}에서 문제 {3}건") \
    X(STORE_MISSING, "{1} is missing: put it back, or see: bongsu help restore", \
        "{1}이(가) 없습니다: 되돌려 놓거나 bongsu help restore 를 보십시오") \
    X(NO_BACKUP_THERE, "{1} is no backup: it holds no store.db", \
        "{1}은(는) 백업이 아닙니다: store.db가 없습니다") \
    X(REBUILT, "made again: the indexes of {1} objects and {2} ledger entries", \
        "다시 만들었습니다: 객체 {1}개와 원장 항목 {2}개의 색인")
// clang-format on
