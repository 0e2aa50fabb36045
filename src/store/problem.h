// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a store, and what to do about it.
#pragma once

// What mends it.
enum store_repair {
    STORE_REPAIR_REBUILD, // derived rows: made again from the truth
    STORE_REPAIR_RECOVER, // a partner has what is missing
    STORE_REPAIR_RESTORE, // the truth itself: only a backup has it
};

// name, what mends it, what a person reads in English and Korean
#define STORE_PROBLEM_LIST(X)                                                                 \
    X(FILE, RESTORE, "the database file is damaged", "데이터베이스 파일이 손상되었습니다")    \
    X(FOREIGN_KEY, RESTORE, "a row names another that is not there",                          \
        "행이 가리키는 다른 행이 없습니다")                                                   \
    X(ROW_MISSING, RESTORE, "rows were removed from an append-only table",                    \
        "추가만 할 수 있는 표에서 행이 지워졌습니다")                                         \
    X(BYTES_MISSING, RESTORE, "the object's bytes are gone, and it was not destroyed",        \
        "파기하지 않은 객체의 바이트가 없습니다")                                             \
    X(BYTES_DIFFER, RESTORE, "the object's bytes are not those of its digest",                \
        "객체의 바이트가 요약값과 다릅니다")                                                  \
    X(ROW_DIFFERS, RESTORE, "the object's row does not say what its bytes say",               \
        "객체의 행이 바이트와 다릅니다")                                                      \
    X(NOT_DESTROYED, RESTORE, "something of a destroyed object is still there",               \
        "파기한 객체의 일부가 남아 있습니다")                                                 \
    X(STATE, REBUILD, "the object's state is not that of its events",                         \
        "객체의 상태가 사건 기록과 다릅니다")                                                 \
    X(HANDLING, REBUILD, "the handling in force is not that of its events",                   \
        "시행 중인 취급 조건이 사건 기록과 다릅니다")                                         \
    X(DERIVED, REBUILD, "what an object was made from is not what the objects say",           \
        "무엇에서 만들어졌는지의 기록이 객체의 내용과 다릅니다")                              \
    X(VALUES, REBUILD, "the value index does not hold the object's values",                   \
        "값 색인이 객체의 값과 다릅니다")                                                     \
    X(REFERENCES, REBUILD, "the reference index does not hold the object's references",       \
        "참조 색인이 객체의 참조와 다릅니다")                                                 \
    X(TEXT, REBUILD, "the index of words does not hold the objects' words",                   \
        "낱말 색인이 객체의 낱말과 다릅니다")                                                 \
    X(INDEX_ORPHAN, REBUILD, "an index row of an object that is not there",                   \
        "없는 객체의 색인 행이 있습니다")                                                     \
    X(ENTRY_MISSING, RECOVER, "the ledger has a gap", "원장에 빈 번호가 있습니다")            \
    X(ENTRY_DIFFERS, RESTORE, "the entry's bytes are not those of its leaf hash",             \
        "항목의 바이트가 잎 해시와 다릅니다")                                                 \
    X(ENTRY_INVALID, RESTORE, "the entry is not one of this ledger at this number",           \
        "이 원장의 이 번호에 올 수 없는 항목입니다")                                          \
    X(NODES, REBUILD, "the hashes of the ledger's tiles are not those of its entries",        \
        "원장 타일의 해시가 항목과 다릅니다")                                                 \
    X(FRONTIER, REBUILD, "the ledger's size or frontier is not that of its entries",          \
        "원장의 크기나 경계가 항목과 다릅니다")                                               \
    X(KEY_ENTRY, REBUILD, "the list of entries that change keys is not what the entries say", \
        "키를 바꾸는 항목의 목록이 항목과 다릅니다")                                          \
    X(AGREEMENT, RESTORE, "an agreement that a link stands on is not held",                   \
        "링크의 근거가 되는 협정이 없습니다")                                                 \
    X(LOG_START, RESTORE, "the log of a new epoch does not begin with its root's statement",  \
        "다시 시작한 원장의 첫 항목이 루트의 진술이 아닙니다")                                \
    X(CHECKPOINT, RECOVER, "a checkpoint is not a head of the ledger that is held",           \
        "체크포인트가 보유한 원장의 머리가 아닙니다")                                         \
    X(STORE_OLD, RECOVER, "the ledger is shorter than what signer.journal says was signed",   \
        "원장이 signer.journal에 적힌 서명보다 짧습니다")                                     \
    X(JOURNAL_OLD, RECOVER, "signer.journal is older than what the store holds as signed",    \
        "signer.journal이 저장소에 있는 서명보다 오래되었습니다")                             \
    X(FORKED, RESTORE, "the ledger is not the one that signer.journal says was signed",       \
        "원장이 signer.journal에 적힌 서명과 다른 역사입니다")                                \
    X(RECEIPT, RESTORE, "an entry and its receipt do not fit together",                       \
        "항목과 수령증이 맞지 않습니다")                                                      \
    X(PAYLOAD, RESTORE, "the objects under an entry are not those that it commits to",        \
        "항목의 객체가 항목이 약속한 것과 다릅니다")                                          \
    X(DECISION, RESTORE, "the decisions kept are not those that the entry names",             \
        "보관한 결정이 항목에 적힌 것과 다릅니다")                                            \
    X(DELIVERY, RESTORE, "an object counts as waiting or delivered against its receipt",      \
        "객체의 전달 상태가 수령증과 다릅니다")                                               \
    X(RECALL, RESTORE, "a recall or its answer is not the one of the ledger",                 \
        "회수나 그 응답이 원장과 다릅니다")                                                   \
    X(GRANT, RESTORE, "a grant is not the one of the ledger", "허가가 원장과 다릅니다")       \
    X(MEMBERSHIP, RESTORE, "a recipient counts as holding what was not released to it",       \
        "배포하지 않은 것을 수신자가 가진 것으로 되어 있습니다")

enum store_problem_id {
#define STORE_PROBLEM_ENUM(name, repair, en, ko) STORE_PROBLEM_##name,
    STORE_PROBLEM_LIST(STORE_PROBLEM_ENUM)
#undef STORE_PROBLEM_ENUM
        STORE_PROBLEMS,
};

const char *store_problem_name(enum store_problem_id id); // "VALUES"
enum store_repair store_problem_repair(enum store_problem_id id);
const char *store_problem_text(enum store_problem_id id);
const char *store_problem_text_ko(enum store_problem_id id);
