#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plants one violation after another in a copy of the smallest tree (base, sys, hash, json) and
# asks that the build, or the check that is responsible, refuses each and names the reason.
# Speaks TAP.
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
unset CFLAGS LDFLAGS MESON_TESTTHREADS

plant_tree()
{
    rm -rf "${copy:?}"/*
    mkdir -p "$copy/src" "$copy/tests" "$copy/fuzz" "$copy/tools"
    cp -r "$root"/meson.build "$root"/meson_options.txt "$root"/.clang-format "$copy/"
    cp -r "$root"/tools/check-* "$root"/tools/pure-allowed "$copy/tools/"
    cp -r "$root"/src/meson.build "$root"/src/base "$root"/src/sys "$root"/src/hash "$copy/src/"
    mkdir -p "$copy/src/json"
    local licence='# SPDX-License-Identifier: Apache-2.0'
    printf '%s\n' "$licence" "sources = files('planted.c')" 'external = []' \
        >"$copy/src/json/meson.build"
    echo "$licence" | tee "$copy"/{tests,fuzz,tools}/meson.build >"$copy/log"
}

number=0
# expect WHY WORDS: the log of the step before must show failure and hold the words.
expect()
{
    local status=$? why=$1 words=$2
    number=$((number + 1))
    if [ $status != 0 ] && grep -qE "$words" "$copy/log"; then
        echo "ok $number - $why"
    else
        echo "not ok $number - $why"
        tail -n 15 "$copy/log" | sed 's/^/# /'
    fi
}

compile()
{
    ninja -C "$copy/build" src/libjson.a >"$copy/log" 2>&1
}

pure()
{
    compile && "$copy/tools/check-pure" json "$copy/build/src/libjson.a" \
        "$copy/build/src/libbase.a" >"$copy/log" 2>&1
}

style()
{
    "$copy/tools/check-style" "$copy" >"$copy/log" 2>&1
}

planted()
{
    printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' "$@" >"$copy/src/json/planted.c"
}

echo "1..12"
plant_tree
planted '#include "base/str.h"' '' 'int json_planted(void);' 'int json_planted(void)' '{' \
    '    return 0;' '}'
meson setup -Dbench=false "$copy/build" "$copy" >"$copy/log" 2>&1
compile && pure && style
status=$?
number=1
if [ $status = 0 ]; then
    echo "ok 1 - the tree without a violation builds and passes"
else
    echo "not ok 1 - the tree without a violation builds and passes"
    sed 's/^/# /' "$copy/log"
fi

planted '#include "hash/hash.h"'
compile
expect "an include that the row does not list" 'hash/hash.h: No such file'

planted '#include "sys/clock.h"'
compile
expect "a shell header in a pure module" 'sys/clock.h: No such file'

planted '#include "base/str.h"' 'char *json_planted(char *a, const char *b);' \
    'char *json_planted(char *a, const char *b)' '{' '    return strcpy(a, b);' '}'
compile
expect "a banned function" 'strcpy_is_banned'

planted '#include <time.h>' 'time_t json_planted(void);' 'time_t json_planted(void)' '{' \
    '    return time(NULL);' '}'
pure
expect "a clock in a pure module" '^time$'

planted 'int64_t_ clock_now_us(void);' 'int json_planted(void);' 'int json_planted(void)' '{' \
    '    return (int)clock_now_us();' '}'
sed -i 's/int64_t_/long/' "$copy/src/json/planted.c"
pure
expect "a hand-written declaration of another module's function" '^clock_now_us$'

planted '#include "../hash/hash.h"' ''
style
expect "a relative include" 'relative include'

planted '#include "hash/table_priv.h"' ''
style
expect "another module's private header" 'private to its module'

{
    printf '%s\n' '// SPDX-License-Identifier: Apache-2.0' 'int json_planted(void)' '{'
    for _ in $(seq 71); do echo '    json_planted();'; done
    printf '%s\n' '    return 0;' '}'
} >"$copy/src/json/planted.c"
style
expect "a function that is too long" 'function of 72 lines'

{
    echo '// SPDX-License-Identifier: Apache-2.0'
    for i in $(seq 600); do echo "extern int json_planted_$i;"; done
} >"$copy/src/json/planted.c"
style
expect "a file that is too long" '601 lines'

planted 'int   x;'
style
expect "a layout that clang-format would change" 'layout'

echo 'int json_planted;' >"$copy/src/json/planted.c"
style
expect "a source file without its licence line" 'SPDX'
