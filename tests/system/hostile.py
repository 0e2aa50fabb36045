# SPDX-License-Identifier: Apache-2.0
"""A partner that does what it should not, with the keys of a real one: it writes its own
ledger, signs what it likes, and pushes over the true certificate. Ed25519 as RFC 8032, section
5.1."""
import base64
import hashlib
import json
import os
import struct

import batches
import look

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def _x_of(y):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    return x if x % 2 == 0 else P - x


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_x_of(BASE_Y), BASE_Y, 1, _x_of(BASE_Y) * BASE_Y % P)


def _add(one, other):
    """Extended coordinates (x, y, z, xy/z)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _print(point):
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Key:
    """A signing key from a node's key file."""

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            _, _, _, self.name, seed = file.read().split()
        digest = hashlib.sha512(base64.b64decode(seed)).digest()
        scalar = int.from_bytes(digest[:32], "little")
        self.scalar = (scalar & (1 << 254) - 8) | 1 << 254
        self.prefix = digest[32:]
        self.public = _print(_times(self.scalar, BASE))

    def sign(self, message):
        secret = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % L
        point = _print(_times(secret, BASE))
        mix = hashlib.sha512(point + self.public + message).digest()
        rest = (secret + int.from_bytes(mix, "little") * self.scalar) % L
        return point + rest.to_bytes(32, "little")

    def line(self, kind, payload, name=None):
        """A signature line of a note; `kind` is the type byte of the key."""
        name = (name or self.name).encode()
        key_id = hashlib.sha256(name + b"\n" + bytes([kind]) + self.public).digest()[:4]
        return "\u2014 ".encode() + name + b" " + base64.b64encode(key_id + payload) + b"\n"


def sha(data):
    return hashlib.sha256(data).digest()


def leaf(entry):
    return sha(b"\0" + entry)


def root(leaves):
    if not leaves:
        return sha(b"")
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return sha(b"\1" + root(leaves[:half]) + root(leaves[half:]))


def consistency(old, leaves, whole=True):
    """RFC 6962 section 2.1.2, from the first `old` leaves to all of them."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if old <= half:
        return consistency(old, leaves[:half], whole) + [root(leaves[half:])]
    return consistency(old - half, leaves[half:], False) + [root(leaves[:half])]


def jcs(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Author:
    """The log of `party`, as its own node holds it, in the hands of somebody else."""

    def __init__(self, node, victim):
        self.node, self.victim = node, victim
        keys = os.path.join(node.folder, "keys")
        self.key = Key(os.path.join(keys, "log-%s-1.key" % victim.party))
        self.cosigner = Key(os.path.join(keys, "cosign.key"))
        self.origin = self.key.name
        self.theirs = look.one(node, "SELECT origin FROM log WHERE is_ours = 0")
        self.agreement = look.one(node, "SELECT digest FROM link").hex()
        self.certificate = look.certificate_of(node)
        self.entries = [row[0] for row in look.query(
            node, "SELECT bytes FROM ledger_entry WHERE log_id = ? ORDER BY idx",
            look.log_id(node, True))]

    def copy(self):
        other = Author.__new__(Author)
        other.__dict__.update(self.__dict__, entries=list(self.entries))
        return other

    def leaves(self):
        return [leaf(entry) for entry in self.entries]

    def entry(self, kind="recall-ack", number=None, **members):
        """The next entry: members of the newest one of that kind, changed."""
        like = [json.loads(row) for row in self.entries if json.loads(row)["k"] == kind][-1]
        like.update(members, s=str(len(self.entries) if number is None else number))
        return jcs(like)

    def append(self, **members):
        self.entries.append(self.entry(**members))
        return self

    def note(self, size=None, top=None, origin=None):
        """A signed checkpoint of the first `size` entries, or of any root."""
        size = len(self.entries) if size is None else size
        top = top or root(self.leaves()[:size])
        text = b"%s\n%d\n%s\n" % ((origin or self.origin).encode(), size,
                                  base64.b64encode(top))
        return text + b"\n" + self.key.line(1, self.key.sign(text), origin)

    def cosigned(self, note, time_s):
        """A checkpoint note of the victim's with our cosignature of that second."""
        text = note.split(b"\n\n")[0] + b"\n"
        signature = self.cosigner.sign(b"cosignature/v1\ntime %d\n" % time_s + text)
        return note + self.cosigner.line(4, struct.pack(">Q", time_s) + signature)

    def batch(self, first, cosigned=None, note=None, **header):
        """Entries from `first` on, under a checkpoint of all of them."""
        head = {"agr": self.agreement, "first": str(first), "from": self.origin,
                "old": str(len(self.entries)), "to": self.theirs, "v": 1}
        head.update(header)
        frames = [(batches.HEADER, jcs(head))]
        if cosigned:
            frames.append((batches.COSIGNED, cosigned))
        frames += [(batches.ENTRY, entry) for entry in self.entries[first:]]
        frames += [(batches.PROOF, b""), (batches.CHECKPOINT, note or self.note())]
        return batches.sealed(b"bongsu-batch/1", frames)

    def push(self, data, headers=None):
        return look.ask(self.victim, "POST", "/link/v1/batch", data, self.certificate, headers)

    def submit(self, old, note, proof=()):
        """add-checkpoint: (status, body)."""
        body = b"old %d\n" % old + b"".join(base64.b64encode(row) + b"\n" for row in proof)
        return look.ask(self.victim, "POST", "/link/v1/ledger/add-checkpoint",
                        body + b"\n" + note, self.certificate)

    def read(self, origin, path, certificate=True):
        """A resource of one of the victim's logs: (status, body)."""
        name = hashlib.sha256(origin.encode()).hexdigest()
        return look.ask(self.victim, "GET", "/link/v1/ledger/%s/%s" % (name, path), None,
                        self.certificate if certificate else None)
