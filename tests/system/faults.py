# SPDX-License-Identifier: Apache-2.0
"""Orders to tests/system/fault.c, and clocks that are wrong: what a node is started with."""
import mmap
import os
import struct

NONE, ERROR, KILL_BEFORE, KILL_AFTER = range(4)
SYNC, WRITE, SOCKET, READ = 1, 2, 4, 8
FORM = struct.Struct("7i32s")
CLOCK = "/usr/lib/%s/faketime/libfaketimeMT.so.1" % (os.uname().machine + "-linux-gnu")


class Control:
    """The file that the processes of one node have mapped."""

    def __init__(self, path):
        with open(path, "wb") as file:
            file.write(bytes(FORM.size))
        self.file = open(path, "r+b")  # pylint: disable=consider-using-with
        self.map = mmap.mmap(self.file.fileno(), FORM.size)

    def close(self):
        self.map.close()
        self.file.close()

    def order(self, classes, action=NONE, at=0, error=0):
        self.map[:] = FORM.pack(0, action, at, error, 0, 0, 0, b"")
        self.map[0:4] = struct.pack("i", classes)

    def off(self):
        """How many calls were counted, whether the chosen one came, and its name."""
        self.map[0:4] = struct.pack("i", 0)
        _, _, _, _, count, hits, _, name = FORM.unpack(self.map[:])
        return count, hits, name.rstrip(b"\0").decode()


def environment(library=None, control=None, skew_s=0):
    """What a node's processes are started with."""
    found, preload = {}, []
    if library:
        preload.append(library)
        found["FAULT_CONTROL"] = control
    if skew_s:
        preload.append(CLOCK)
        found.update(FAKETIME="%+d" % skew_s, FAKETIME_NO_CACHE="1", FAKETIME_DISABLE_SHM="1")
    if preload:
        found["LD_PRELOAD"] = ":".join(preload)
    return found
