# SPDX-License-Identifier: Apache-2.0
"""What the system tests share: cases printed as TAP, and a temporary folder that ends well."""
import contextlib
import os
import shutil
import signal
import sys
import tempfile
import traceback

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DATA = os.path.join(os.path.dirname(ROOT), "shared", "data")
sys.path.insert(0, os.path.join(ROOT, "tools"))


class Skip(Exception):
    """Raised by a case that cannot be tried here; the text says why."""


class Tap:
    """Prints a line a case as it ends, and the plan at the end."""

    def __init__(self):
        self.number = self.failed = 0

    def case(self, name, run, *args):
        """True unless the case failed. An assertion, or any other exception, is a failure."""
        self.number += 1
        try:
            run(*args)
        except Skip as why:
            print("ok %d - %s # SKIP %s" % (self.number, name, why), flush=True)
            return True
        except Exception:  # pylint: disable=broad-except
            self.failed += 1
            print("not ok %d - %s" % (self.number, name))
            for line in traceback.format_exc().splitlines()[-12:]:
                print("# " + line, flush=True)
            return False
        print("ok %d - %s" % (self.number, name), flush=True)
        return True

    def end(self):
        print("1..%d" % self.number, flush=True)
        sys.exit(1 if self.failed else 0)


def say(text):
    """A remark between the cases."""
    print("# " + text, flush=True)


def skip(why):
    raise Skip(why)


def needs_data():
    if not os.path.isdir(DATA):
        raise Skip("skipped: ../shared/data not present")


def _stop(_number, _frame):
    raise SystemExit("# stopped by a signal")


@contextlib.contextmanager
def folder():
    """A short path (sockets lie in it). The end of the test or a signal removes it."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    path = tempfile.mkdtemp(prefix="bs", dir="/tmp")
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def check_end(pair):
    """At the end of a test each node stops when told to, and no sanitizer has complained."""
    clean = pair.stop()
    for node in pair.both():
        with open(node.log, encoding="utf-8", errors="replace") as log:
            lines = log.readlines()
        bad = [line for line in lines if "Sanitizer" in line or "runtime error" in line]
        assert clean and not bad, "%s did not end well:\n%s" % (
            node.party, "".join(bad or lines[-20:]))


@contextlib.contextmanager
def nodes(path, program, name="n"):
    """Two nodes that are not started; whatever happens, neither outlives the block."""
    from pair import Pair  # found through the path set above
    home = os.path.join(path, name)
    os.mkdir(home, 0o700)
    pair = Pair(program, home)
    try:
        yield pair
        check_end(pair)
    finally:
        for node in pair.both():
            node.kill()


@contextlib.contextmanager
def linked(path, program, name="n"):
    """Two nodes that serve, with tokens, linked with each other."""
    with nodes(path, program, name) as pair:
        pair.start()
        pair.tokens()
        pair.link()
        yield pair
