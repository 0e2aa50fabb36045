// SPDX-License-Identifier: Apache-2.0
#include "stix/id.h"

#include "base/limits.h"
#include "hash/hash.h"

#include <string.h>

static const unsigned char oasis_namespace[UUID_BYTES] = {0x00, 0xab, 0xed, 0xb4, 0xaa, 0x42,
    0x46, 0x6c, 0x9c, 0x01, 0xfe, 0xd2, 0x33, 0x15, 0xa9, 0xb7};

static bool is_type_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

enum err stix_type_check(struct str type)
{
    if (type.len < 3 || type.len > STIX_TYPE_BYTES_MAX)
        return ERR_INVALID;
    if (type.ptr[0] < 'a' || type.ptr[0] > 'z' || type.ptr[type.len - 1] == '-')
        return ERR_INVALID;
    for (size_t i = 1; i < type.len; i++)
        if (!is_type_byte(type.ptr[i]) || (type.ptr[i] == '-' && type.ptr[i - 1] == '-'))
            return ERR_INVALID;
    return ERR_OK;
}

enum err stix_id_parse(struct str text, struct stix_id *out)
{
    if (text.len < UUID_TEXT_BYTES + 2)
        return ERR_INVALID;
    size_t type_len = text.len - UUID_TEXT_BYTES - 2;
    struct stix_id id = {.text = text, .type = str_to(text, type_len)};
    if (text.ptr[type_len] != '-' || text.ptr[type_len + 1] != '-')
        return ERR_INVALID;
    TRY(stix_type_check(id.type));
    TRY(uuid_parse(str_from(text, type_len + 2), id.uuid));
    *out = id;
    return ERR_OK;
}

enum err stix_id_from_name(
    struct arena *a, struct str type, struct str name, struct stix_id *out)
{
    TRY(stix_type_check(type));
    struct buf hashed = buf_in(a, SIZE_MAX);
    buf_put(&hashed, (struct str){(const char *)oasis_namespace, UUID_BYTES});
    buf_put(&hashed, name);
    struct str bytes;
    TRY(buf_end(&hashed, &bytes));
    unsigned char digest[SHA1_BYTES];
    hash_sha1(bytes, digest);

    struct stix_id id;
    memcpy(id.uuid, digest, UUID_BYTES);
    uuid_stamp(id.uuid, 5);
    struct buf text = buf_in(a, STIX_TYPE_BYTES_MAX + 2 + UUID_TEXT_BYTES);
    buf_put(&text, type);
    buf_put(&text, STR("--"));
    uuid_put(&text, id.uuid);
    TRY(buf_end(&text, &id.text));
    id.type = str_to(id.text, type.len);
    *out = id;
    return ERR_OK;
}
