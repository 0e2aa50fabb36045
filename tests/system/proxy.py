# SPDX-License-Identifier: Apache-2.0
"""A bad network: a relay between a node and the address that its partner knows. It never looks
into the bytes. What befalls each connection is drawn from a seed, in the order in which they
come."""
import random
import selectors
import socket
import struct
import threading
import time

# What befalls a connection, and how often. `cut` ends it after some bytes from the client,
# `deaf` after some bytes of the answer, so that what was done is not heard of; `half` keeps it
# open and passes nothing more; `slow` holds each piece for a while.
FATES = (("pass", 40), ("refuse", 10), ("cut", 15), ("deaf", 15), ("half", 8), ("slow", 12))
PIECE = 16384


class Connection:
    """One client, one server, and what is to happen to them."""

    def __init__(self, client, server, fate, after, delay_s):
        self.client, self.server = client, server
        self.fate, self.after, self.delay_s = fate, after, delay_s
        self.passed = {client: 0, server: 0}

    def other(self, side):
        return self.server if side is self.client else self.client

    def counted(self):
        return self.client if self.fate in ("cut", "half") else self.server


class Proxy(threading.Thread):
    """Listens on a port of its own for as long as the test runs; `target` may come and go."""

    def __init__(self, seed):
        super().__init__(daemon=True)
        self.random = random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "https://127.0.0.1:%d" % self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.target, self.is_bad = None, False  # guarded by lock
        self.fates = []
        self.links = {}
        self.waiting = []  # (when, socket, bytes) of slow connections
        self.selector = selectors.DefaultSelector()
        self.woken, self.waker = socket.socketpair()
        self.heals = self.ends = False  # guarded by lock

    def aim(self, address):
        host, port = address.split("//")[1].rsplit(":", 1)
        with self.lock:
            self.target = (host, int(port))

    def spoil(self):
        with self.lock:
            self.is_bad = True

    def heal(self):
        """From now on all passes; what hung is ended, as by a network that comes back."""
        with self.lock:
            self.is_bad, self.heals = False, True
        self.waker.send(b".")

    def end(self):
        with self.lock:
            self.ends = True
        self.waker.send(b".")
        self.join(10)

    def run(self):
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.selector.register(self.woken, selectors.EVENT_READ)
        while True:
            wait_s = max(0.0, self.waiting[0][0] - time.monotonic()) if self.waiting else None
            for key, _ in self.selector.select(wait_s):
                if key.fileobj is self.listener:
                    self.accept()
                elif key.fileobj is self.woken:
                    self.woken.recv(64)
                elif key.fileobj in self.links:
                    self.relay(key.fileobj)
            self.send_waiting()
            with self.lock:
                heals, self.heals = self.heals, False
                if self.ends:
                    break
            if heals:
                for connection in set(self.links.values()):
                    if connection.fate == "half":
                        self.close(connection, True)
        for connection in set(self.links.values()):
            self.close(connection, True)
        self.listener.close()

    def draw(self):
        with self.lock:
            is_bad = self.is_bad
        if not is_bad:
            return "pass", 0, 0.0
        names, weights = zip(*FATES)
        fate = self.random.choices(names, weights)[0]
        # TLS alone takes some 2,000 bytes each way: some die in it, some in the batch
        after = int(2 ** self.random.uniform(4, 17))
        return fate, after, self.random.uniform(0.005, 0.15)

    def accept(self):
        client, _ = self.listener.accept()
        fate, after, delay_s = self.draw()
        self.fates.append(fate)
        with self.lock:
            target = self.target
        try:
            if fate == "refuse":
                raise OSError("refused by the schedule")
            server = socket.create_connection(target, timeout=5)
        except OSError:
            reset(client)
            return
        connection = Connection(client, server, fate, after, delay_s)
        for side in (client, server):
            side.settimeout(5)
            self.links[side] = connection
            self.selector.register(side, selectors.EVENT_READ)

    def relay(self, side):
        connection = self.links[side]
        try:
            data = side.recv(PIECE)
            if not data:
                self.close(connection, False)
                return
            connection.passed[side] += len(data)
            if self.is_over(connection, side, len(data)):
                if connection.fate != "half":
                    left = connection.after - (connection.passed[side] - len(data))
                    connection.other(side).sendall(data[:max(0, left)])
                    self.close(connection, True)
            elif connection.fate == "slow":
                self.waiting.append((time.monotonic() + connection.delay_s, connection,
                                     connection.other(side), data))
                self.waiting.sort(key=lambda entry: entry[0])
            else:
                connection.other(side).sendall(data)
        except OSError:
            self.close(connection, True)

    @staticmethod
    def is_over(connection, side, _n):
        if connection.fate in ("cut", "deaf"):
            return side is connection.counted() and connection.passed[side] > connection.after
        return connection.fate == "half" and (
            connection.passed[connection.counted()] > connection.after)

    def send_waiting(self):
        now = time.monotonic()
        while self.waiting and self.waiting[0][0] <= now:
            _, connection, to, data = self.waiting.pop(0)
            try:
                if to in self.links:
                    to.sendall(data)
            except OSError:
                self.close(connection, True)

    def close(self, connection, hard):
        for side in (connection.client, connection.server):
            if self.links.pop(side, None):
                self.selector.unregister(side)
                if hard:
                    reset(side)
                else:
                    side.close()


def reset(side):
    """Ends a connection with RST, as a failing path does."""
    try:
        side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    except OSError:
        pass
    side.close()
