# SPDX-License-Identifier: Apache-2.0
"""A batch taken apart and put together again, by code of its own (docs/formats/batch.md)."""
import hashlib
import struct

HEADER, COSIGNED, ENTRY, PROOF, CHECKPOINT, PAYLOAD = range(1, 7)
BARE = 0x8000  # of a leaf's number: only its commitment follows


def frames_of(data):
    """A batch as its first line and a list of (type, content), the end frame left out."""
    magic, rest = data.split(b"\n", 1)
    frames = []
    while rest:
        kind, size = struct.unpack(">BI", rest[:5])
        frames.append((kind, rest[5:5 + size]))
        rest = rest[5 + size:]
    assert frames.pop()[0] == 0
    return magic, frames


def sealed(magic, frames):
    """The frames as a file again, with the digest that belongs to them."""
    data = magic + b"\n" + b"".join(struct.pack(">BI", kind, len(text)) + text
                                    for kind, text in frames)
    return data + struct.pack(">BI", 0, 32) + hashlib.sha256(data).digest()


def payload(text):
    """(entry, leaf, is bare, salt or commitment, object) of a payload frame."""
    index, leaf = struct.unpack(">QH", text[:10])
    return index, leaf & ~BARE, bool(leaf & BARE), text[10:42], text[42:]


def bare(text):
    """The same payload frame with the object left out."""
    index, leaf, _, salt, body = payload(text)
    commitment = hashlib.sha256(b"cti-obj-v1\n" + salt + body).digest()
    return struct.pack(">QH", index, leaf | BARE) + commitment
