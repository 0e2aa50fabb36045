# SPDX-License-Identifier: Apache-2.0
"""How long an urgent release takes until an analyst at the partner can look it up; quiet link.
Arguments: the program, and how many releases (default 200)."""
import json
import os
import random
import shutil
import sys
import tempfile
import time

import sample

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from pair import Pair  # noqa: E402


def main():
    program, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    folder = tempfile.mkdtemp(prefix="bongsu-")
    pair = Pair(program, folder)
    times = []
    try:
        pair.start()
        pair.tokens()
        pair.link()
        print("  fdatasync of this disk: %.2f ms" % sample.fdatasync_ms(folder))
        gb, kr = sample.Api(pair.gb.folder), sample.Api(pair.kr.folder)
        source = random.Random(7)
        for number in range(rounds):
            warning = sample.indicator(source, 10**9 + number, "DEMO urgent")
            gb.call("POST", "/api/v1/imports", json.dumps(warning).encode())
            value = warning["pattern"].split("'")[1].encode()
            began = time.perf_counter()
            gb.call(
                "POST",
                "/api/v1/releases?to=kr&priority=urgent",
                json.dumps({"ids": [warning["id"]]}).encode(),
            )
            while b'"found":true' not in kr.call("POST", "/api/v1/lookup", value):
                time.sleep(0.0005)
            times.append((time.perf_counter() - began) * 1000)
            pair.wait_settled()
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)
    times.sort()
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        "  %d urgent releases: median %.1f ms, p99 %.1f ms, most %.1f ms"
        % (rounds, times[len(times) // 2], p99, times[-1])
    )
    return (
        0
        if sample.bar("looked up at the partner: p99 %.1f ms (bar: <= 250)" % p99, p99 <= 250)
        else 1
    )


if __name__ == "__main__":
    sys.exit(main())
