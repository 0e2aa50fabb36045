# SPDX-License-Identifier: Apache-2.0
"""Officers of one node for the system tests: keys on their own machines, certified by the
root of the node's party."""
import os

PASSPHRASE = "a passphrase for tests 봉수\n"


class Desk:
    """The officers' machines: a folder with their key files."""

    def __init__(self, node, folder):
        self.node, self.folder, self.made = node, folder, 0
        os.makedirs(folder, exist_ok=True)
        self.secret = self.path("passphrase")
        with open(self.secret, "w", encoding="utf-8") as file:
            file.write(PASSPHRASE)

    def path(self, name):
        return os.path.join(self.folder, name)

    def offline(self, *args, **more):
        return self.node.run(*args, with_node=False, **more)

    def key(self, name):
        """A new key file for that officer."""
        self.offline("officer", "new", self.path(name), "--name", name,
                     "--passphrase-file", self.secret)
        return self.path(name)

    def certify(self, name, root=None, realm=None):
        root = root or os.path.join(self.node.folder, "keys", "root.key")
        more = ["--realm", realm] if realm else []
        self.offline("officer", "certify", self.path(name) + ".pub", "--root", root,
                     "--out", self.path(name + ".cert"), *more)
        return self.path(name + ".cert")

    def register(self, *names):
        for name in names:
            self.key(name)
            self.node.run("officer", "add", self.certify(name))

    def preview(self, *args):
        """An order for officers to approve."""
        self.made += 1
        order = self.path("order-%d" % self.made)
        self.node.run(*args, "--preview", "--out", order)
        return order

    def approve(self, order, *names):
        """Their approvals, as options for the command line."""
        options = []
        for name in names:
            self.made += 1
            out = self.path("approval-%d" % self.made)
            self.offline("approve", order, "--key", self.path(name), "--passphrase-file",
                         self.secret, "--yes", "--out", out)
            options += ["--approval", out]
        return options
