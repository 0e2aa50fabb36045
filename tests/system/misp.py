# SPDX-License-Identifier: Apache-2.0
"""MISP events for the system tests, all invented, and a second reader of events that shares no
code with the node."""
import re
import uuid

AT = 1767312000  # 2026-01-02T00:00:00Z
HOST = re.compile(r"^[a-z0-9_-]+(\.[a-z0-9_-]+)+$", re.I)
HASHES = {"md5": 32, "sha1": 40, "sha256": 64, "sha512": 128}


def name_uuid(name):
    return str(uuid.UUID(bytes=uuid.uuid5(uuid.NAMESPACE_DNS, "misp " + name).bytes, version=4))


def tags(*names):
    return [{"name": name} for name in names]


def attribute(name, kind="domain", value=None, to_ids=True, at=AT, **more):
    row = {"uuid": name_uuid(name), "type": kind, "category": "Network activity",
           "value": value or name + ".example", "to_ids": to_ids, "distribution": "5",
           "comment": ""}
    if at:
        row["timestamp"] = str(at)
    row.update(more)
    return row


def thing(name, template, *attributes, **more):
    """A MISP object: attributes are (relation, attribute)."""
    row = {"uuid": name_uuid(name), "name": template, "meta-category": "misc",
           "template_uuid": name_uuid("template " + template), "template_version": "3",
           "timestamp": str(AT), "distribution": "5",
           "Attribute": [dict(row, object_relation=relation) for relation, row in attributes]}
    row.update(more)
    return row


def event(name, *attributes, **more):
    row = {"uuid": name_uuid(name), "info": "DEMO " + name, "date": "2026-01-01",
           "timestamp": str(AT), "published": True, "distribution": "3", "threat_level_id": "4",
           "analysis": "2", "Orgc": {"uuid": name_uuid("org"), "name": "DEMO CERT"},
           "Attribute": list(attributes)}
    row.update(more)
    return {"Event": row}


def is_ip(text):
    return re.match(r"^\d+\.\d+\.\d+\.\d+(/\d+)?$", text) or (":" in text and "." not in text)


def values_of(kind, value):
    """The (type of observable, value) that an attribute has, for the types of the data."""
    if kind in HASHES:
        good = re.match(r"^[0-9a-f]{%d}$" % HASHES[kind], value, re.I)
        return [("file", value.lower())] if good else []
    if kind in ("ip-src", "ip-dst"):
        return [("ip", value)] if is_ip(value) else []
    if kind in ("domain", "hostname"):
        return [("domain-name", value.lower())] if HOST.match(value) else []
    if kind == "url":
        return [("url", value)] if "://" in value else []
    return [("file", value)] if kind == "filename" else []


def count(document):
    """Objects by type that a document becomes, and its values."""
    found = {"indicator": 0, "observed-data": 0, "custom": 0, "relationship": 0}
    values = set()
    rows = document if isinstance(document, list) else document.get("response", [document])
    for each in (row.get("Event", row) for row in rows):
        known = {row["uuid"] for row in each.get("Attribute", [])}
        for one in each.get("Object", []):
            known |= {one["uuid"]} | {row["uuid"] for row in one["Attribute"]}
        groups = [[row] for row in each.get("Attribute", [])]
        groups += [one["Attribute"] for one in each.get("Object", [])]
        for group in groups:
            seen = [(row, values_of(row["type"], row["value"])) for row in group]
            for row, got in seen:
                values |= set(got)
            if any(row.get("to_ids") and got for row, got in seen):
                found["indicator"] += 1
            elif any(got for row, got in seen):
                found["observed-data"] += 1
            else:
                found["custom"] += 1
        found["relationship"] += sum(
            reference["referenced_uuid"] in known for one in each.get("Object", [])
            for reference in one.get("ObjectReference", []))
    return found, values
