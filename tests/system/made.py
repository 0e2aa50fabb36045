# SPDX-License-Identifier: Apache-2.0
"""STIX objects for the system tests. Everything is invented; ids come from the name given, so
that two runs make the same objects."""
import json
import uuid

MADE = "2026-01-01T00:00:00.000Z"
EXTENSION = "extension-definition--e1b4cb42-f19a-42ad-aa13-7a3effdda795"
TLP = {"clear": "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
       "green": "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
       "amber": "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
       "strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
       "red": "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"}


def identify(kind, name):
    return "%s--%s" % (kind, uuid.UUID(bytes=uuid.uuid5(uuid.NAMESPACE_DNS, name).bytes,
                                       version=4))


def make(kind, key, *markings, **more):
    row = {"type": kind, "spec_version": "2.1", "id": identify(kind, key), "created": MADE,
           "modified": MADE}
    if markings:
        row["object_marking_refs"] = [TLP.get(mark, mark) for mark in markings]
    row.update(more)
    return row


def indicator(name, *markings, **more):
    return make("indicator", name, *markings, name="DEMO " + name, pattern_type="stix",
                valid_from=MADE, pattern="[domain-name:value = '%s.example.org']" % name,
                **more)


def malware(name, *markings, **more):
    return make("malware", name, *markings, name="DEMO " + name, is_family=False, **more)


def relate(name, source, target, *markings, verb="indicates"):
    return make("relationship", name, *markings, relationship_type=verb,
                source_ref=source["id"], target_ref=target["id"])


def report(name, rows, *markings):
    return make("report", name, *markings, name="DEMO " + name, published=MADE,
                object_refs=[row["id"] for row in rows])


def releasability(name, **what):
    """A marking of the project's own extension."""
    row = make("marking-definition", name, name="DEMO " + name,
               extensions={EXTENSION: dict(what, extension_type="property-extension")})
    del row["modified"]
    return row


def lines(rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def bundle(rows):
    head = {"type": "bundle", "id": identify("bundle", "all"), "objects": rows}
    return json.dumps(head, ensure_ascii=False).encode()
