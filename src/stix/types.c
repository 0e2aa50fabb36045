// SPDX-License-Identifier: Apache-2.0
// Common properties (section 3.2) and the finding of types.
#include "stix/schema_rows_priv.h"

#define ALL      0x3f
#define NOT_SCO  (ALL & ~COLUMN_SCO)
#define MODIFIED (NOT_SCO & ~COLUMN_MARKING)
#define OWNED    (COLUMN_SDO | COLUMN_SRO | COLUMN_LANGUAGE)

const struct common_property stix_common[] = {
    {TEXT("type", 0), ALL, ALL},
    {REF("id", 0, NULL), ALL, ALL},
    {TEXT("spec_version", 0), ALL, NOT_SCO},
    {REF("created_by_ref", 0, "identity"), NOT_SCO, COLUMN_EXTENSION},
    {PLAIN("created", 0, TYPE_TIME), NOT_SCO, NOT_SCO},
    {PLAIN("modified", 0, TYPE_TIME), MODIFIED, MODIFIED},
    {PLAIN("revoked", 0, TYPE_BOOL), MODIFIED, 0},
    {TEXT("labels", L), MODIFIED, 0},
    {WHOLE("confidence", 0, RANGE_CONFIDENCE), OWNED, 0},
    {FORMED("lang", 0, FORM_LANGUAGE), COLUMN_SDO | COLUMN_SRO, 0},
    {PART("external_references", L, stix_external_reference), NOT_SCO, 0},
    {REF("object_marking_refs", L, "marking-definition"), ALL, 0},
    {PART("granular_markings", L, stix_granular_marking), ALL, 0},
    {PLAIN("defanged", 0, TYPE_BOOL), COLUMN_SCO, 0},
    {PLAIN("extensions", 0, TYPE_EXTENSIONS), ALL & ~COLUMN_EXTENSION, 0},
};
const size_t stix_common_n = LEN(stix_common);

unsigned stix_column(struct str type, enum stix_kind kind)
{
    switch (kind) {
    case STIX_SDO:
        return COLUMN_SDO;
    case STIX_SRO:
        return COLUMN_SRO;
    case STIX_SCO:
        return COLUMN_SCO;
    case STIX_META:
        break;
    }
    if (str_eq(type, STR("marking-definition")))
        return COLUMN_MARKING;
    return str_eq(type, STR("language-content")) ? COLUMN_LANGUAGE : COLUMN_EXTENSION;
}

static const struct stix_type *find_in(const struct stix_type *types, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(types[i].shape.name, name))
            return &types[i];
    return NULL;
}

const struct stix_type *stix_type_find(struct str name)
{
    const struct stix_type *type = find_in(stix_domain_types, stix_domain_types_n, name);
    return type ? type : find_in(stix_observable_types, stix_observable_types_n, name);
}
