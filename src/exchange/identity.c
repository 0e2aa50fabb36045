// SPDX-License-Identifier: Apache-2.0
// Our side of TLS: what is shown, and what will be when every partner knows it.
#include "base/limits.h"
#include "exchange/keys.h"
#include "exchange/link_priv.h"

enum err exchange_certificate(struct exchange *ex, struct http_certificate *out)
{
    pthread_mutex_lock(&ex->lock);
    struct str pem = ex->identity.certificate_pem;
    pthread_mutex_unlock(&ex->lock);
    return http_certificate_read(pem, out);
}

void exchange_set_identity(struct exchange *ex, const struct http_identity *identity)
{
    pthread_mutex_lock(&ex->lock);
    ex->identity = *identity;
    ex->identity_number++;
    pthread_mutex_unlock(&ex->lock);
}

// Whether every partner holds what our root has said of that TLS key.
static bool is_known_to_all(struct exchange *ex, const unsigned char pin[static HTTP_PIN_BYTES])
{
    struct link *links[LINKS_MAX];
    struct ledger_hash spki;
    bool is_known = true;
    memcpy(spki.bytes, pin, sizeof spki.bytes);
    pthread_mutex_lock(&ex->lock);
    size_t n = ex->n_links;
    memcpy(links, ex->links, n * sizeof *links);
    pthread_mutex_unlock(&ex->lock);
    for (size_t i = 0; i < n && is_known; i++) {
        struct store_txn *t;
        struct store_checkpoint c = {0};
        struct arena scratch;
        arena_init(&scratch, MIB);
        pthread_mutex_lock(&links[i]->turn);
        uint64_t since = ledger_keyring_pin_since(&links[i]->ours, &spki);
        pthread_mutex_unlock(&links[i]->turn);
        is_known = store_read_begin(ex->config.store, &t) == ERR_OK;
        if (is_known) {
            enum err e = store_checkpoint_newest(
                t, &scratch, links[i]->own_log, STORE_CHECKPOINT_COSIGNED, &c);
            store_read_end(t);
            is_known = (e == ERR_OK || e == ERR_NOT_FOUND) && since <= c.size;
        }
        arena_release(&scratch);
    }
    return is_known;
}

enum err exchange_offer_identity(struct exchange *ex, const struct http_identity *identity)
{
    struct http_identity copy;
    if (!http_identity_fits(identity))
        return ERR_INVALID;
    pthread_mutex_lock(&ex->lock);
    enum err e = str_copy(&ex->identities, identity->certificate_pem, &copy.certificate_pem);
    if (e == ERR_OK)
        e = str_copy(&ex->identities, identity->key_pem, &copy.key_pem);
    if (e == ERR_OK)
        ex->offered = copy;
    pthread_mutex_unlock(&ex->lock);
    return e;
}

bool exchange_identity_due(struct exchange *ex, struct http_identity *out)
{
    struct http_certificate now, next;
    pthread_mutex_lock(&ex->lock);
    struct http_identity offered = ex->offered;
    pthread_mutex_unlock(&ex->lock);
    if (!offered.certificate_pem.len || exchange_certificate(ex, &now) != ERR_OK ||
        http_certificate_read(offered.certificate_pem, &next) != ERR_OK)
        return false;
    bool is_renewed = memcmp(now.pin, next.pin, sizeof now.pin) == 0;
    if (!is_renewed && !is_known_to_all(ex, next.pin))
        return false;
    pthread_mutex_lock(&ex->lock);
    bool is_same = ex->offered.key_pem.ptr == offered.key_pem.ptr;
    if (is_same)
        ex->offered = (struct http_identity){{"", 0}, {"", 0}};
    pthread_mutex_unlock(&ex->lock);
    *out = offered;
    return is_same;
}
