# SPDX-License-Identifier: Apache-2.0
"""Usage: test_manual.py BONGSU

Manual pages and shell completion are what the program's own tables say."""
import os
import re
import shutil
import subprocess
import sys

import tap

PROGRAM = os.path.abspath(sys.argv[1])


def run(*args, **more):
    return subprocess.run(args, check=True, stdout=subprocess.PIPE, timeout=60,
                          **more).stdout.decode()


def commands():
    """Each subcommand and its options, as the help has them."""
    overview = run(PROGRAM, "--lang", "en", "help")
    for name in re.findall(r"^  ([a-z-]+) ", overview, re.M):
        text = run(PROGRAM, "help", name)
        yield name, re.findall(r"^  --([a-z-]+)", text, re.M)


def pages_have_everything():
    for language in ("en", "ko"):
        page = run(PROGRAM, "manual", "--lang", language).replace("\\-", "-")
        found = {}
        for part in re.split(r"^\.It Cm ", page, flags=re.M)[1:]:
            found[part.split("\n")[0]] = re.findall(r"^\.It Fl -([a-z-]+)", part, re.M)
        assert found == dict(commands()), language
        conf = run(PROGRAM, "manual", "node.conf", "--lang", language).replace("\\-", "-")
        source = os.path.join(tap.ROOT, "src", "cli", "node_conf.c")
        with open(source, encoding="utf-8") as file:
            keys = re.findall(r'\{STR_INIT\("([a-z-]+)"\), offsetof', file.read())
        assert re.findall(r"^\.It Cm ([a-z-]+)", conf, re.M) == keys
    assert subprocess.run([PROGRAM, "manual", "nothing"], check=False,
                          stderr=subprocess.PIPE).returncode == 2


def pages_are_mdoc():
    if not shutil.which("mandoc"):
        tap.skip("mandoc is not installed")
    for page in ("bongsu", "node.conf"):
        done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning"], check=False,
                              input=run(PROGRAM, "manual", page, "--lang", "en").encode(),
                              stdout=subprocess.PIPE)
        assert done.returncode == 0, done.stdout.decode()


def complete(*words):
    """What bash offers behind these words."""
    script = "source <(%s completion bash); COMP_WORDS=(%s); COMP_CWORD=%d; _bongsu; " \
             'printf "%%s\\n" "${COMPREPLY[@]}"' % (
                 PROGRAM, " ".join("'%s'" % word for word in words), len(words) - 1)
    return set(run("bash", "-c", script).split())


def bash_completes():
    every = dict(commands())
    assert set(every) <= complete("bongsu", "")
    assert complete("bongsu", "rele") == {"release"}
    assert complete("bongsu", "-n", "/tmp/x", "rele") == {"release"}
    for name, options in every.items():
        assert {"--" + option for option in options} <= complete("bongsu", name, "--"), name
    assert {"create", "revoke"} <= complete("bongsu", "token", "")
    assert complete("bongsu", "recipient", "re") == {"retire"}
    assert {"root", "collection", "account"} <= complete("bongsu", "taxii", "")
    assert run(PROGRAM, "completion", "zsh").startswith("#compdef bongsu\n")


def main():
    suite = tap.Tap()
    suite.case("every subcommand, option and key is in the pages", pages_have_everything)
    suite.case("the pages are mdoc", pages_are_mdoc)
    suite.case("bash completes what there is", bash_completes)
    suite.end()


main()
