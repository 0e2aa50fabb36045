#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Usage: run.sh WRITE_LOG VERIFY.GO
# Our ledger in the eyes of a library that is not ours (Debian's golang-golang-x-mod-dev).
set -eu
gopath=/usr/share/gocode
if ! command -v go >/dev/null || [ ! -d "$gopath/src/golang.org/x/mod/sumdb/tlog" ]; then
    echo 'skipped: go or golang-golang-x-mod-dev is not installed'
    exit 77
fi
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
"$1" "$dir"
HOME=$dir GOCACHE=$dir/cache GO111MODULE=off GOPATH=$gopath GOFLAGS= go run "$2" "$dir"
