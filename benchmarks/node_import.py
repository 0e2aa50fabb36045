# SPDX-License-Identifier: Apache-2.0
"""Import into a whole node, over its socket: objects per second, CPU, memory. Arguments: the
program, and how many objects (default 200,000; the second bar of memory wants 1,000,000)."""
import os
import shutil
import sys
import tempfile
import time

import sample

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from pair import Node  # noqa: E402


def main():
    program, counts = sys.argv[1], [int(n) for n in sys.argv[2:]] or [200000, 1000000]
    folder = tempfile.mkdtemp(prefix="bongsu-")
    node = Node(program, os.path.join(folder, "gb"), "gb", "GBR").start()
    ok = True
    try:
        node.run("token", "create", "bench", "--rights", "read,import", "--save")
        print("  fdatasync of this disk: %.2f ms" % sample.fdatasync_ms(folder))
        idle = sample.memory_mib(node.process.pid, "VmRSS")
        ok &= sample.bar("idle node: %.1f MB resident (bar: <= 50)" % idle, idle <= 50)
        held = 0
        for count in counts:
            path = os.path.join(folder, "bundle.json")
            size = sample.write_bundle(path, count - held, seed=count)
            cpu, began = sample.cpu_seconds(node.process.pid), time.perf_counter()
            report = node.json("import", path)
            seconds = time.perf_counter() - began
            cpu = sample.cpu_seconds(node.process.pid) - cpu
            assert report["new"] == count - held, report
            rate, peak = report["new"] / seconds, sample.memory_mib(node.process.pid)
            print(
                "  %d objects (%.0f MB) into %d: %.1f s, %.1f us CPU an object, peak %.0f MB"
                % (count - held, size / 1e6, held, seconds, cpu / (count - held) * 1e6, peak)
            )
            want = 10000 if count <= 200000 else 5000
            ok &= sample.bar(
                "up to %d objects: %.0f/s (bar: >= %d)" % (count, rate, want), rate >= want
            )
            ok &= sample.bar(
                "memory while importing: %.0f MB (bar: <= 256)" % peak, peak <= 256
            )
            held = count
            os.unlink(path)
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
