# SPDX-License-Identifier: Apache-2.0
"""Two linked nodes on loopback, for ./run and the system tests. Standard library only."""
import json
import os
import shutil
import signal
import subprocess
import time


class Failed(Exception):
    """A command that did not exit with 0."""

    def __init__(self, args, done):
        self.code = done.returncode
        self.stdout, self.stderr = done.stdout, done.stderr
        text = done.stderr.decode("utf-8", "replace").strip()
        super().__init__("bongsu %s: exit %d: %s" % (" ".join(args), done.returncode, text))


class Node:
    """One node: its folder, its process, and its command line."""

    def __init__(self, program, folder, party, country):
        self.program, self.folder, self.party = program, folder, party
        self.process = self.address = None
        self.environment = {}  # what `start` adds to ours
        self.log = folder + ".log"
        if not os.path.exists(folder):
            self.run(
                "init",
                folder,
                "--party",
                party,
                "--node",
                "node.%s.example" % party,
                "--country",
                country,
                with_node=False,
            )

    def command(self, *args, with_node=True):
        return [self.program, *args] + (["-n", self.folder] if with_node else [])

    def run(self, *args, data=None, check=True, with_node=True, wait_s=900):
        done = subprocess.run(
            self.command(*args, with_node=with_node),
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            check=False,
            timeout=wait_s,
            env=dict(os.environ, BONGSU_LANG="en"),
        )
        if check and done.returncode != 0:
            raise Failed(args, done)
        return done

    def json(self, *args, data=None):
        return json.loads(self.run(*args, "--json", data=data).stdout)

    def start(self, wait_s=30, listen=None):
        """Starts the node and waits for the address that it reports on a descriptor."""
        reading, writing = os.pipe()
        args = self.command("serve", "--report-fd", str(writing))
        if listen:
            args += ["--listen", listen]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                args,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[writing],
                start_new_session=True,
                env=dict(os.environ, **self.environment),
            )
        os.close(writing)
        os.set_blocking(reading, False)
        until, got = time.monotonic() + wait_s, b""
        while b"\n" not in got and time.monotonic() < until and self.process.poll() is None:
            try:
                got += os.read(reading, 4096)
            except BlockingIOError:
                pass
            time.sleep(0.005)
        os.close(reading)
        if b"\n" not in got:
            raise RuntimeError("%s did not start; see %s" % (self.party, self.log))
        self.address = got.split(b"\n")[0].decode()
        return self

    def stop(self, how=signal.SIGTERM, wait_s=60):
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(wait_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise
        code = self.process.returncode if self.process else None
        self.process = None
        return code

    def kill(self):
        return self.stop(signal.SIGKILL)

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def link_to(self, party):
        for link in self.json("status")["links"]:
            if link["party"] == party:
                return link
        raise RuntimeError("%s has no link to %s" % (self.party, party))


class Pair:
    """The nodes of two Participants, linked."""

    def __init__(self, program, folder):
        self.folder = folder
        self.gb = Node(program, os.path.join(folder, "gb"), "gb", "GBR")
        self.kr = Node(program, os.path.join(folder, "kr"), "kr", "KOR")

    @classmethod
    def of(cls, folder, one, other):
        """Two nodes that are there already, to be linked with each other."""
        pair = cls.__new__(cls)
        os.makedirs(folder, exist_ok=True)
        pair.folder, pair.gb, pair.kr = folder, one, other
        return pair

    def path(self, name):
        return os.path.join(self.folder, name)

    def start(self):
        self.gb.start()
        self.kr.start()

    def tokens(self):
        for node in (self.gb, self.kr):
            node.run(
                "token",
                "create",
                "demo",
                "--rights",
                "read,import,release,recall,carry",
                "--save",
            )

    def link(self, addresses=None):
        """What two administrators do: swap offers, build the same agreement, sign, add.
        Addresses: where the two are reached, when not at their own."""
        offers = [self.path("%s.offer" % node.party) for node in self.both()]
        self.gb.run("link", "offer", "--to", self.kr.party, "--out", offers[0])
        self.kr.run("link", "offer", "--to", self.gb.party, "--out", offers[1])
        digests = set()
        for node in (self.gb, self.kr):
            mine = self.path("agreement.%s" % node.party)
            made = node.json("link", "agree", *offers, "--out", mine)
            digests.add(made["digest"])
        if len(digests) != 1:
            raise RuntimeError("the two sides built different agreements")
        # One signs its file and hands it to the other, who signs too: both signatures.
        mine = self.path("agreement.%s" % self.gb.party)
        self.gb.run("link", "sign", mine)
        shutil.copy(mine, self.path("agreement"))
        self.kr.run("link", "sign", self.path("agreement"))
        gb_address, kr_address = addresses or (self.gb.address, self.kr.address)
        self.gb.run("link", "add", self.path("agreement"), "--address", kr_address)
        self.kr.run("link", "add", self.path("agreement"), "--address", gb_address)
        return digests.pop()

    def wait_settled(self, wait_s=60, progress=None):
        """Until nothing waits on either side: entries cosigned, payloads receipted."""
        until = time.monotonic() + wait_s
        while True:
            links = [self.gb.link_to(self.kr.party), self.kr.link_to(self.gb.party)]
            if progress:
                progress(links)
            if all(link["waiting"] == 0 for link in links):
                return links
            if time.monotonic() > until:
                raise RuntimeError("the link did not settle: %s" % json.dumps(links))
            time.sleep(0.02)

    def stop(self):
        codes = [node.stop() for node in (self.gb, self.kr) if node.process]
        return all(code == 0 for code in codes)

    def both(self):
        return (self.gb, self.kr)
