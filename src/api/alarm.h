// SPDX-License-Identifier: Apache-2.0
// What somebody has to look at, as rows of the node's status.
#pragma once

#include "api/call.h"
#include "exchange/keys.h"
#include "exchange/status.h"

// name, English, Korean
#define ALARM_LIST(X)                                                                                               \
    X(READONLY, "READ-ONLY: the disk is full or failed; make room and start the node again",                        \
        "읽기 전용: 디스크가 가득 찼거나 고장 났습니다; 공간을 만들고 노드를 다시 "   \
        "시작하십시오")                                                                                             \
    X(DISK_LOW, "the disk has little room left; less than a backup or a rebuild needs",                             \
        "디스크 여유가 백업이나 재구축에 필요한 양보다 적습니다")                                                   \
    X(CERTIFICATE, "the TLS certificate ends soon; partners refuse an ended one",                                   \
        "TLS 인증서가 곧 만료됩니다; 만료되면 상대방이 거부합니다")                                                 \
    X(AGREEMENT, "the agreement with the partner ends soon; renew it: bongsu link renew",                           \
        "상대방과의 협정이 곧 끝납니다; 갱신하십시오: bongsu link renew")                                           \
    X(KEY, "a key ends soon; its party makes another: bongsu key rotate",                                           \
        "키의 유효 기한이 곧 끝납니다; 그 당사자가 새로 만듭니다: bongsu key rotate")                               \
    X(FROZEN,                                                                                                       \
        "FROZEN: the two ledgers contradict each other; officers decide, then: bongsu "                             \
        "link unfreeze",                                                                                            \
        "동결: 두 원장이 서로 어긋납니다; 담당자가 결정한 뒤 bongsu link unfreeze 를 "        \
        "쓰십시오")                                                                                                 \
    X(CLOCK, "the partner's clock and ours differ by more than 300 s; one of them is wrong",                        \
        "상대방과 우리 시계가 300초 넘게 다릅니다; 한쪽이 틀렸습니다")                                              \
    X(RECEIPT_OVERDUE, "an entry has been without its receipt for too long",                                        \
        "수령증 없이 기한을 넘긴 항목이 있습니다")                                                                  \
    X(FAIL_CLOSED, "releases above CLEAR are held: the partner has not cosigned for too long",                      \
        "CLEAR보다 높은 배포를 보류합니다: 상대방이 너무 오래 공동 서명하지 않았습니다")                            \
    X(RECALL_OVERDUE, "a recall is past its deadline and not answered",                                             \
        "회수 기한이 지났는데 응답하지 않은 것이 있습니다")                                                         \
    X(FLASH_REVIEW, "a flash waits for its review by another officer: bongsu flash review",                         \
        "다른 담당관의 사후 검토를 기다리는 긴급 전파가 있습니다: bongsu flash review")                             \
    X(RULE_STOPPED,                                                                                                 \
        "a standing rule was approved under another agreement and releases nothing; have it "                       \
        "approved again: bongsu rule add",                                                                          \
        "상시 규칙이 이전 협정 아래 승인된 것이라 아무것도 배포하지 않습니다; 다시 " \
        "승인받으십시오: bongsu rule add")                                                                          \
    X(FEED, "a feed's last run failed; see: bongsu feed show",                                                      \
        "피드를 마지막으로 가져오지 못했습니다; 확인: bongsu feed show")                                            \
    X(LOST, "objects that were released before a restore are known to nobody any more",                             \
        "복원 전에 배포한 객체 가운데 아무도 갖고 있지 않은 것이 있습니다")

enum alarm {
#define ALARM_ENUM(name, en, ko) ALARM_##name,
    ALARM_LIST(ALARM_ENUM)
#undef ALARM_ENUM
};

// What was read before the transaction.
struct alarm_about {
    struct exchange_statuses links;
    struct exchange_expiries ends;
};
// The members `certificate`, `disk` and `alarms`.
enum err alarm_put_all(struct call *call, struct store_txn *t, const struct alarm_about *about,
    struct json_out *o) MUST_USE;
