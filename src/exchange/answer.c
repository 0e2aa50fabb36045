// SPDX-License-Identifier: Apache-2.0
// Batches as they come in: carried by somebody, or pushed by the partner, which is answered.
#include "exchange/link_priv.h"

enum err exchange_apply(struct exchange *ex, const struct exchange_sender *from,
    struct arena *a, struct str batch, struct exchange_applied *out, struct str *why)
{
    struct link *link = exchange_find(ex, from->party);
    *why = STR("no link with that party");
    if (!link)
        return ERR_NOT_FOUND;
    pthread_mutex_lock(&link->turn);
    enum err e = link_apply(link, from->principal, a, batch, out, why);
    pthread_mutex_unlock(&link->turn);
    return e;
}

static enum err answer_begin(struct link *link, struct str *why)
{
    pthread_mutex_lock(&link->lock);
    enum err e = link->is_frozen                         ? ERR_CONFLICT
                 : link->is_paused || link->is_answering ? ERR_BUSY
                                                         : ERR_OK;
    *why = link->is_frozen   ? STR(LINK_FROZEN_TEXT)
           : link->is_paused ? STR("the link is paused on this side; its officers resume it")
                             : STR("another batch of this partner is at work; try again");
    link->is_answering |= e == ERR_OK;
    pthread_mutex_unlock(&link->lock);
    return e;
}

static void answer_end(struct link *link)
{
    pthread_mutex_lock(&link->lock);
    link->is_answering = false;
    pthread_mutex_unlock(&link->lock);
}

enum err exchange_answer(struct exchange *ex, struct str party, struct arena *a,
    struct str batch, struct str *answer, struct str *why)
{
    struct link *link = exchange_find(ex, party);
    struct exchange_applied applied;
    bool is_empty;
    *why = STR("no link with that party");
    if (!link)
        return ERR_NOT_FOUND;
    TRY(answer_begin(link, why));
    pthread_mutex_lock(&link->turn);
    enum err e = link_apply(link, 0, a, batch, &applied, why);
    if (e == ERR_OK) {
        *why = STR("the answer could not be composed");
        e = link_compose(link, a, answer, &is_empty);
    }
    pthread_mutex_unlock(&link->turn);
    answer_end(link);
    return e;
}
