# SPDX-License-Identifier: Apache-2.0
"""How long an urgent release takes until an analyst at the partner can look it up, while a bulk
release is on its way. Arguments: the program, and objects in bulk (default 60,000)."""
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time

import sample

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from pair import Pair  # noqa: E402

BULK = "/api/v1/releases?to=kr&priority=bulk&all=yes"


def urgent(gb, kr, warning):
    """Milliseconds from the release until the lookup finds it."""
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
    return (time.perf_counter() - began) * 1000


def under_bulk(pair, count):
    gb, kr = sample.Api(pair.gb.folder), sample.Api(pair.kr.folder)
    other = sample.Api(pair.gb.folder)
    source, times = random.Random(7), []
    bulk = threading.Thread(target=other.call, args=("POST", BULK))
    began = time.perf_counter()
    bulk.start()
    while pair.gb.link_to("kr")["waiting"] == 0:
        time.sleep(0.001)
    while bulk.is_alive() or pair.gb.link_to("kr")["waiting"] > 0:
        warning = sample.indicator(source, 10**9 + len(times), "DEMO urgent")
        times.append(urgent(gb, kr, warning))
    bulk.join()
    pair.wait_settled()
    took = time.perf_counter() - began
    print("  %d objects in bulk receipted in %.1f s: %d/s" % (count, took, count / took))
    return sorted(times)


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 60000
    folder = tempfile.mkdtemp(prefix="bongsu-")
    pair = Pair(program, folder)
    try:
        pair.start()
        pair.tokens()
        pair.link()
        print("  fdatasync of this disk: %.2f ms" % sample.fdatasync_ms(folder))
        sample.write_bundle(pair.path("bulk.json"), count)
        pair.gb.run("import", pair.path("bulk.json"))
        times = under_bulk(pair, count)
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(
        "  %d urgent releases meanwhile: median %.1f ms, p99 %.1f ms, most %.1f ms"
        % (len(times), times[len(times) // 2], p99, times[-1])
    )
    held = sample.bar("looked up at the partner: p99 %.1f ms (bar: <= 250)" % p99, p99 <= 250)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
