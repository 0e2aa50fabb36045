# SPDX-License-Identifier: Apache-2.0
"""What the node benchmarks share: generated objects, and calls without a process for each."""
import http.client
import json
import os
import random
import socket
import uuid

SECONDS = "2026-01-01T00:00:%02d.%03dZ"


def indicator(random_source, number, name="DEMO load"):
    """About 900 bytes, with one value, two references and Korean text."""
    value = "host-%d.demo-%d.example.com" % (number, number % 977)
    made = uuid.UUID(int=random_source.getrandbits(128), version=4)
    at = SECONDS % (number // 1000 % 60, number % 1000)
    return {
        "type": "indicator",
        "spec_version": "2.1",
        "id": "indicator--%s" % made,
        "created_by_ref": "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",
        "created": at,
        "modified": at,
        "name": "%s %d" % (name, number),
        "description": "DEMO generated for a measurement; no such host is meant. "
        "측정을 위해 만든 데모 자료이며 실제 호스트를 뜻하지 않습니다. " + "x" * 220,
        "indicator_types": ["malicious-activity"],
        "labels": ["demo"],
        "confidence": number % 101,
        "pattern": "[domain-name:value = '%s']" % value,
        "pattern_type": "stix",
        "pattern_version": "2.1",
        "valid_from": at,
        "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"],
    }


def write_bundle(path, count, seed=1):
    source = random.Random(seed)
    with open(path, "w", encoding="utf-8") as out:
        out.write('{"type":"bundle","id":"bundle--%s","objects":[' % uuid.uuid4())
        for number in range(count):
            out.write(",\n" if number else "")
            json.dump(indicator(source, number), out, ensure_ascii=False, separators=(",", ":"))
        out.write("]}")
    return os.path.getsize(path)


class Api:
    """One kept connection to a node's socket, with the token saved in its folder."""

    def __init__(self, folder):
        self.connection = http.client.HTTPConnection("localhost", timeout=3600)
        self.connection.sock = socket.socket(socket.AF_UNIX)
        self.connection.sock.connect(os.path.join(folder, "node.sock"))
        with open(os.path.join(folder, "token"), encoding="ascii") as token:
            self.headers = {"Authorization": "Bearer " + token.read().strip()}

    def call(self, method, path, body=b""):
        self.connection.request(
            method,
            path,
            body=body or None,
            headers=dict(
                self.headers, **({} if body or method == "GET" else {"Content-Length": "0"})
            ),
        )
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError("%s %s: %d %s" % (method, path, answer.status, text[:300]))
        return text


def memory_mib(pid, key="VmHWM"):
    with open("/proc/%d/status" % pid, encoding="ascii") as status:
        for line in status:
            if line.startswith(key):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(pid):
    with open("/proc/%d/stat" % pid, encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def fdatasync_ms(folder):
    """The disk's own figure beside every durable one: median of 50 small flushed writes."""
    import time

    times = []
    path = os.path.join(folder, "flush")
    fd = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    for _ in range(50):
        os.write(fd, b"x" * 512)
        began = time.perf_counter()
        os.fdatasync(fd)
        times.append(time.perf_counter() - began)
    os.close(fd)
    os.unlink(path)
    return sorted(times)[25] * 1000


def bar(what, holds):
    print("  %-60s %s" % (what, "holds" if holds else "FALLS SHORT"))
    return holds
