# SPDX-License-Identifier: Apache-2.0
"""Pages of 100 objects over TLS 1.3, each server on one core and the load on the other: a
page beside nginx that sends the same bytes as a file, cold pages, and both from 10,000 objects
to COUNT. Each figure is taken beside nginx, in turns, so that what else the machine does
falls on all of them. Arguments: the program, and COUNT (default 100,000)."""
import base64
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time

import sample

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from pair import Node  # noqa: E402

MEDIA = "application/taxii+json;version=2.1"
SECONDS, ROUNDS, CONNECTIONS = 3, 5, 32
NGINX = """
worker_processes 1; daemon off; pid %(folder)s/nginx.pid; error_log %(folder)s/nginx.log;
events { worker_connections 256; }
http { access_log off; sendfile on; keepalive_requests 1000000; types {}
  default_type "%(media)s"; client_body_temp_path %(folder)s/t1; proxy_temp_path %(folder)s/t2;
  fastcgi_temp_path %(folder)s/t3; uwsgi_temp_path %(folder)s/t4; scgi_temp_path %(folder)s/t5;
  server { listen 127.0.0.1:%(port)d ssl; ssl_protocols TLSv1.3;
    ssl_certificate %(certificate)s; ssl_certificate_key %(key)s;
    location / { root %(folder)s/www; } } }
"""


def wrk(address, paths, header, folder, is_cold=False):
    """Pages a second, with one thread on the second core; each request takes the next path. A
    limit above the collection's own gives the same page; another one each time makes each
    request one that was never made before."""
    script = os.path.join(folder, "load.lua")
    with open(script, "w", encoding="ascii") as out:
        out.write("local paths = {%s}\nlocal n = 0\n" % ",".join(json.dumps(p) for p in paths))
        out.write('local headers = {["Accept"] = %s, ["Authorization"] = %s}\n' % (
            json.dumps(MEDIA), json.dumps(header)))
        out.write("local limit = 100\n")
        out.write("request = function() n = n %% #paths + 1; limit = limit + 1;"
                  ' return wrk.format("GET", paths[n]%s, headers) end\n' % (
                      ' .. "limit=" .. limit' if is_cold else ""))
    done = subprocess.run(
        ["taskset", "-c", "1", "wrk", "-t1", "-c%d" % CONNECTIONS, "-d%ds" % SECONDS, "-s",
         script, address], check=True, stdout=subprocess.PIPE).stdout.decode()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", done)
    if bad:
        raise RuntimeError(done)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", done).group(1))


class Reader:
    def __init__(self, node, name):
        made = node.json("taxii", "account", "add", name, "--recipient", "soc")
        self.header = "Basic " + base64.b64encode(
            ("%s:%s" % (name, made["password"])).encode()).decode()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self.host, self.port = node.address.split("//")[1].rsplit(":", 1)
        self.context = context

    def get(self, path):
        connection = http.client.HTTPSConnection(self.host, int(self.port),
                                                 context=self.context)
        connection.request("GET", path, headers={"Accept": MEDIA,
                                                      "Authorization": self.header})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(body)
        return body


def fill(node, folder, reader, manifest, count, seed):
    """Imports `count` objects more and waits until the view has them."""
    path = os.path.join(folder, "bundle.json")
    sample.write_bundle(path, count, seed)
    before = members(node)
    node.run("import", path)
    os.unlink(path)
    began = time.perf_counter()
    while members(node) < before + count:
        time.sleep(0.05)
    took = time.perf_counter() - began
    print("  the view took in %d objects in %.1f s after the import: %d/s" % (
        count, took, count / max(took, 0.001)))
    reader.get(manifest)


def members(node):
    import sqlite3

    store = sqlite3.connect("file:%s/store.db?mode=ro" % node.folder, uri=True, timeout=30)
    try:
        return store.execute("SELECT coalesce(max(seq), 0) FROM membership").fetchone()[0]
    finally:
        store.close()


def pages(reader, objects, most):
    """Paths of pages by cursor, in order, for a limit to be added."""
    paths, then = [], ""
    while len(paths) < most:
        path = objects + "?" + ("next=" + then + "&" if then else "")
        page = json.loads(reader.get(path + "limit=100"))
        paths.append(path)
        if not page["more"]:
            break
        then = page["next"]
    return paths


def start_nginx(node, folder, page):
    os.makedirs(os.path.join(folder, "www"))
    with open(os.path.join(folder, "www", "page"), "wb") as out:
        out.write(page)
    os.chmod(folder, 0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    conf = os.path.join(folder, "nginx.conf")
    with open(conf, "w", encoding="ascii") as out:
        out.write("user root;" + NGINX % {
            "folder": folder, "media": MEDIA, "port": port,
            "certificate": os.path.join(node.folder, "keys", "tls.crt"),
            "key": os.path.join(node.folder, "keys", "tls.key")})
    nginx = subprocess.Popen(["taskset", "-c", "0", "nginx", "-c", conf],
                             stderr=subprocess.DEVNULL)
    time.sleep(1)
    return nginx, "https://127.0.0.1:%d" % port


def measure(loads):
    """Pages a second of each load: the medians, and those of the ratios to the first."""
    rounds = [[load() for load in loads] for _ in range(ROUNDS)]
    return ([statistics.median(values) for values in zip(*rounds)],
            [statistics.median(row[n] / row[0] for row in rounds) for n in range(len(loads))])


def run(node, folder, count):
    node.run("token", "create", "demo", "--rights", "read,import,release", "--save")
    node.run("recipient", "add", "soc")
    node.run("taxii", "root", "add", "main", "--title", "Main")
    view = node.json("taxii", "collection", "add", "main", "--title", "All")["id"]
    node.run("taxii", "collection", "share", view, "--to", "soc")
    objects = "/taxii2/main/collections/%s/objects/" % view
    manifest = "/taxii2/main/collections/%s/manifest/" % view
    reader = Reader(node, "tool")
    subprocess.run(["taskset", "-a", "-p", "-c", "0", str(node.process.pid)], check=True,
                   stdout=subprocess.DEVNULL)
    fill(node, folder, reader, manifest, 10000, 1)
    page = reader.get(objects + "?limit=100")
    nginx, address = start_nginx(node, folder, page)

    def load(where, paths, is_cold=False):
        return lambda: wrk(where, paths, reader.header, folder, is_cold)

    def both():
        return measure([load(address, ["/page"]), load(node.address, [objects + "?limit=100"]),
                        load(node.address, pages(reader, objects, 1000), True)])

    try:
        few, few_ratios = both()
        fill(node, folder, reader, manifest, count - 10000, 2)
        many, many_ratios = both()
    finally:
        nginx.terminate()
        nginx.wait()
    for objects_n, rates in ((10000, few), (count, many)):
        print("  %d objects, pages of %d bytes: nginx %d/s, repeated %d/s, cold %d/s" % (
            objects_n, len(page), *rates))
    print("  memory of the node: %d MiB at its highest" % sample.memory_mib(node.process.pid))
    growth = max(few_ratios[n] / many_ratios[n] for n in (1, 2))
    return all([
        sample.bar("repeated page %.2fx nginx (bar: >= 0.8x)" % many_ratios[1],
                   many_ratios[1] >= 0.8),
        sample.bar("cold page %d/s (bar: >= 2,000/s)" % many[2], many[2] >= 2000),
        sample.bar("10,000 to %d objects: %.2fx slower (bar: <= 1.2x)" % (count, growth),
                   growth <= 1.2)])


def main():
    program, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100000
    if not shutil.which("nginx") or not shutil.which("wrk"):
        print("  skipped: it needs nginx-light and wrk; installing nginx starts it")
        return 0
    folder = tempfile.mkdtemp(prefix="bongsu-")
    node = Node(program, os.path.join(folder, "gb"), "gb", "GBR").start()
    try:
        held = run(node, folder, count)
    finally:
        node.stop()
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
