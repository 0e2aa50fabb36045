// SPDX-License-Identifier: Apache-2.0
#include "format/taxii_find.h"

#include "base/buf.h"
#include "base/limits.h"

struct search {
    struct arena *arena;
    const struct taxii_server *server;
    struct taxii_found *out;
    struct taxii_lost *lost;
};

static enum err lose(struct search *s, enum err e, const char *why, struct str about)
{
    *s->lost = (struct taxii_lost){.why = why, .about = about};
    return e;
}

static enum err unreadable(struct search *s, enum err e, const struct fault *fault)
{
    return lose(s, e, "the server's answer cannot be read",
        str_of(fault->why ? fault->why : err_text(e)));
}

static enum err join(struct arena *a, struct str folder, struct str name, struct str *out)
{
    struct buf b = buf_in(a, 16 * KIB);
    buf_put(&b, folder);
    if (!str_ends(folder, STR("/")))
        buf_put_byte(&b, '/');
    buf_put(&b, name);
    return buf_end(&b, out);
}

static enum err ask_place(struct search *s, struct str target, struct taxii_place *out)
{
    struct str body;
    struct fault fault = {.why = NULL};
    TRY(s->server->ask(s->server->ctx, target, &body));
    enum err e = taxii_place_read(s->arena, body, out, &fault);
    return e == ERR_OK ? ERR_OK : unreadable(s, e, &fault);
}

// The one API root of a discovery, or the one that it calls the default.
static enum err find_root(struct search *s, struct str target)
{
    struct taxii_place place;
    const char *why = "";
    TRY(ask_place(s, target, &place));
    if (!place.is_root) {
        struct str root = place.default_root.len ? place.default_root
                          : place.n_roots == 1   ? place.roots[0]
                                                 : STR("");
        if (root.len == 0)
            return lose(s, ERR_INVALID,
                "neither an API root nor a discovery with a default: give the root's address",
                place.title);
        enum err e = s->server->resolve(s->server->ctx, root, &target, &why);
        if (e != ERR_OK)
            return lose(s, e, why, root);
        TRY(ask_place(s, target, &place));
    }
    if (!place.is_root)
        return lose(s, ERR_INVALID, "what the discovery names is no API root", target);
    if (!place.speaks)
        return lose(s, ERR_INVALID, "the API root does not speak TAXII 2.1", target);
    s->out->content_bytes_max = place.content_bytes_max;
    return join(s->arena, target, STR(""), &s->out->root);
}

// An id goes into a path: letters, digits and hyphens in any server that there is.
static bool is_segment(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = ascii_lower(id.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'))
            return false;
    }
    return id.len > 0 && id.len <= 100;
}

static enum err find_collection(struct search *s, struct str name)
{
    struct str folder, body;
    struct taxii_collections all;
    const struct taxii_collection *one = NULL;
    struct fault fault = {.why = NULL};
    TRY(join(s->arena, s->out->root, STR("collections/"), &folder));
    TRY(s->server->ask(s->server->ctx, folder, &body));
    enum err e = taxii_collections_read(s->arena, body, &all, &fault);
    if (e != ERR_OK)
        return unreadable(s, e, &fault);
    e = taxii_collection_find(&all, name, &one);
    if (e == ERR_CONFLICT)
        return lose(s, e, "two collections have that title: give the id", name);
    if (e != ERR_OK)
        return lose(s, e,
            name.len ? "the server shows this account no such collection"
                     : "the server has not just one collection: say which",
            name);
    if (!is_segment(one->id))
        return lose(s, ERR_INVALID, "the collection's id is none", one->id);
    s->out->collection = *one;
    TRY(join(s->arena, folder, one->id, &folder));
    return join(s->arena, folder, STR("objects/"), &s->out->objects);
}

enum err taxii_find(struct arena *a, const struct taxii_server *server, struct str target,
    struct str name, struct taxii_found *out, struct taxii_lost *lost)
{
    struct search s = {.arena = a, .server = server, .out = out, .lost = lost};
    *lost = (struct taxii_lost){.why = NULL};
    *out = (struct taxii_found){.content_bytes_max = 0};
    TRY(find_root(&s, target));
    return find_collection(&s, name);
}
