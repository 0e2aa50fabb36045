# SPDX-License-Identifier: Apache-2.0
"""Usage: test_backup.py BONGSU

Backups of a working node, and what is put back from them: whole or not at all, whatever is
killed or full, and what was destroyed meanwhile stays destroyed."""
import contextlib
import glob
import json
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time

import look
import made
import tap
from test_bad_system import disk, fill, one_line


def files_of(folder):
    return sorted(os.path.relpath(os.path.join(top, name), folder)
                  for top, _, names in os.walk(folder) for name in names
                  if name != "node.sock")


def destroy(node, object_id):
    """What a local destruction leaves: the program's own steps, through a recall that a
    partner sends, are tried in test_recover; here the list itself is."""
    (version, source, digest), = look.query(
        node, "SELECT version_us, source, hex(digest) FROM object_version WHERE id = ?",
        object_id)
    with open(os.path.join(node.folder, "destroyed.log"), "a", encoding="ascii") as file:
        file.write("%s %d %s %s\n" % (digest.lower(), version, source, object_id))


def found_in(folder, text):
    """Files of a folder that hold a text."""
    hits = []
    for name in files_of(folder):
        with open(os.path.join(folder, name), "rb") as file:
            if text.encode() in file.read():
                hits.append(name)
    return hits


class Backup:
    def __init__(self, pair):
        self.pair, self.gb, self.number = pair, pair.gb, 0
        self.made = []

    def path(self):
        self.number += 1
        return self.pair.path("backup%d" % self.number)

    def restored(self, backup, name="restored"):
        folder = self.pair.path(name)
        shutil.rmtree(folder, ignore_errors=True)
        self.gb.run("restore", backup, folder, with_node=False)
        return type(self.gb)(self.gb.program, folder, "gb", "GBR")

    def while_at_work(self):
        """Imports and releases go on; each copy is one moment, whole."""
        is_over, done = threading.Event(), []

        def work():
            while not is_over.is_set():
                rows = [made.indicator("w%d-%d" % (len(done), i), "green") for i in range(60)]
                self.gb.json("import", "-", data=made.lines(rows))
                self.gb.json("release", *[row["id"] for row in rows[:9]], "--to", "kr")
                done.append(rows)
        worker = threading.Thread(target=work)
        worker.start()
        try:
            for _ in range(4):
                target = self.path()
                before = len(done)
                told = self.gb.json("backup", target)
                assert told["party"] == "gb" and len(told["logs"]) == 2, told
                self.made.append((target, before))
                time.sleep(0.2)
        finally:
            is_over.set()
            worker.join()
        assert len(done) > 4, len(done)
        for target, before in self.made:
            assert self.gb.run("check", target, with_node=False).returncode == 0
            store = sqlite3.connect("file:%s/store.db?mode=ro" % target, uri=True)
            held = {row[0] for row in store.execute("SELECT id FROM object_version")}
            store.close()
            assert all(row["id"] in held for rows in done[:before] for row in rows)
        self.pair.wait_settled()

    def what_is_in_it(self):
        target = self.made[0][0]
        assert files_of(target) == ["backup.json", "node.conf", "store.db"], files_of(target)
        assert stat.S_IMODE(os.stat(target).st_mode) == 0o700
        assert stat.S_IMODE(os.stat(target + "/store.db").st_mode) == 0o600
        with open(target + "/backup.json", encoding="utf-8") as file:
            told = json.load(file)
        assert told["v"] == 1 and told["made"].endswith("Z"), told
        assert {log["origin"] for log in told["logs"]} == {
            "node.gb.example/live/ledger/kr/1", "node.kr.example/live/ledger/gb/1"}
        with_keys = self.path()
        self.gb.run("backup", with_keys, "--with-keys")
        assert "keys/cosign.key" in files_of(with_keys)
        assert not [name for name in files_of(with_keys) if "journal" in name]
        assert stat.S_IMODE(os.stat(with_keys + "/keys/cosign.key").st_mode) == 0o600
        self.made.append((with_keys, 0))

    def refused(self):
        target = self.made[0][0]
        before = open(target + "/store.db", "rb").read()
        one_line(self.gb.run("backup", target, check=False), 3, target, "already")
        assert open(target + "/store.db", "rb").read() == before
        one_line(self.gb.run("restore", target, self.gb.folder, check=False), 3)
        one_line(self.gb.run("restore", self.gb.folder, self.path(), check=False), 4, "backup")
        one_line(self.gb.run("restore", target, self.pair.kr.folder, check=False), 3)
        one_line(self.gb.run("backup", "/nonexistent/x", check=False), 5, "/nonexistent/x")

    def another_node(self):
        kr = self.pair.path("kr-copy")
        look.copy_folder(self.pair.kr, kr)
        for name in glob.glob(kr + "/store.db*"):
            os.unlink(name)
        os.unlink(kr + "/node.lock")
        before = files_of(kr)
        one_line(self.gb.run("restore", self.made[0][0], kr, check=False), 3, "another node")
        assert set(files_of(kr)) - {"node.lock"} == set(before)

    def not_served(self):
        node = self.restored(self.made[-1][0])
        one_line(node.run("serve", check=False, wait_s=20), 4, "L1", "recover")
        found = node.run("check", check=False)
        assert found.returncode == 1 and b"recover" in found.stdout, found

    def full_disk(self):
        with disk(self.pair.path("disk"), 24) as path:
            target = os.path.join(path, "backup")
            ballast = fill(path, os.path.getsize(self.gb.folder + "/store.db") // 2)
            one_line(self.gb.run("backup", target, check=False), 5, target)
            assert os.listdir(path) == ["ballast"], os.listdir(path)
            os.unlink(ballast)
            ballast = fill(path, 256 * 1024)
            folder = os.path.join(path, "node")
            one_line(self.gb.run("restore", self.made[0][0], folder, check=False), 5, folder)
            assert not [n for n in files_of(folder) if n.startswith(("store", "restore"))]
            os.unlink(ballast)
            self.gb.run("backup", target)
            shutil.rmtree(target)
            self.gb.run("restore", self.made[0][0], folder)

    def killed(self, *args, where):
        """kill -9 at growing delays until one run gets through: nothing or the whole."""
        wait_s, ended = 0.004, False
        while not ended:
            job = subprocess.Popen(self.gb.command(*args), stdout=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                job.wait(wait_s)
            ended = job.poll() is not None
            if not ended:
                job.send_signal(signal.SIGKILL)
            code = job.wait()
            is_there = os.path.exists(where)
            assert is_there or not ended, (args, code)
            if is_there:
                assert self.gb.run("check", os.path.dirname(where)).returncode == 0
                ended = True
            wait_s *= 1.35

    def killed_backup(self):
        target = self.path()
        self.killed("backup", target, where=target + "/store.db")

    def killed_restore(self):
        folder = self.pair.path("killed")
        self.killed("restore", self.made[0][0], folder, where=folder + "/store.db")
        assert "node.conf" in files_of(folder) and not [
            name for name in files_of(folder) if "part" in name], files_of(folder)

    def stays_destroyed(self):
        """S3: into the same folder, whose list knows better; and again by hand."""
        row = made.indicator("never-again", "red")
        self.gb.json("import", "-", data=made.lines([row]))
        target = self.path()
        self.gb.run("backup", target)
        self.gb.stop()
        folder = self.pair.path("again")
        look.copy_folder(self.gb, folder)
        node = type(self.gb)(self.gb.program, folder, "gb", "GBR")
        for name in glob.glob(folder + "/store.db*"):
            os.unlink(name)
        assert "store.db" in found_in(target, "never-again")
        destroy(self.gb, row["id"])
        shutil.copy(self.gb.folder + "/destroyed.log", folder)
        self.gb.run("restore", target, folder)
        assert look.one(node, "SELECT state FROM object_state s JOIN object_version v ON"
                              " v.seq = s.seq WHERE v.id = ?", row["id"]) == "destroyed"
        assert not found_in(folder, "never-again.example.org"), "the backup came back"
        assert not found_in(folder, "DEMO never-again")
        self.gb.start()
        shutil.rmtree(folder)
        assert not found_in(self.gb.folder, "DEMO never-again"), "destroyed at start"
        assert look.one(self.gb, "SELECT count(*) FROM handling_event WHERE kind = 'destroyed'"
                        ) == 1

    def cut_list(self):
        self.gb.stop()
        path = os.path.join(self.gb.folder, "destroyed.log")
        whole = open(path, "rb").read()
        with open(path, "ab") as file:
            file.write(whole[:70])
        self.gb.start()
        assert open(path, "rb").read() == whole, "a cut line goes"
        self.gb.stop()
        with open(path, "wb") as file:
            file.write(b"nonsense\n" + whole)
        one_line(self.gb.run("serve", check=False, wait_s=20), 4, "destroyed.log")
        with open(path, "wb") as file:
            file.write(whole)
        os.unlink(path)
        self.gb.start()
        assert open(path, "rb").read() == whole, "a lost list begins with what the store knows"


def main(program):
    cases = tap.Tap()
    with tap.folder() as path, tap.linked(path, program) as pair:
        run = Backup(pair)
        cases.case("S1 a backup of a node at work is whole", run.while_at_work)
        cases.case("L1 a backup holds no journal, and keys only when asked", run.what_is_in_it)
        cases.case("nothing is overwritten", run.refused)
        cases.case("R1 the store of another node is refused", run.another_node)
        cases.case("L1 a restored node does not serve before recover", run.not_served)
        cases.case("S1 a full disk leaves no half of anything", run.full_disk)
        cases.case("S1 kill -9 of a backup leaves nothing or all", run.killed_backup)
        cases.case("S1 kill -9 of a restore leaves nothing or all", run.killed_restore)
        cases.case("S3 what was destroyed stays so after a restore", run.stays_destroyed)
        cases.case("S3 the list of the destroyed survives a cut and a loss", run.cut_list)
    cases.end()


if __name__ == "__main__":
    main(*sys.argv[1:])
