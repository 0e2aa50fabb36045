// SPDX-License-Identifier: Apache-2.0

// Checks a log that write_log wrote, with golang.org/x/mod and nothing of ours: notes, key ids,
// cosignatures, tiles, roots, and that its proofs are the ones that we make.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func must(err error, what string) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "verify: %s: %v\n", what, err)
		os.Exit(1)
	}
}

// The library knows signatures of type 0x01 only.
type cosigner struct {
	name string
	id   uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.id }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	head := fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))
	return ed25519.Verify(c.key, append([]byte(head), msg...), sig[8:])
}

func parseCosigner(vkey string) cosigner {
	parts := strings.SplitN(vkey, "+", 3)
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	must(err, "vkey")
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	id := binary.BigEndian.Uint32(sum[:])
	if typed[0] != 4 || fmt.Sprintf("%08x", id) != parts[1] {
		must(fmt.Errorf("key id %s, want %08x", parts[1], id), "vkey")
	}
	return cosigner{parts[0], id, typed[1:]}
}

// Tiles as files. The library puts the height into the path, C2SP does not.
type folder string

func (f folder) Height() int                     { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}
func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		path := strings.Replace(t.Path(), "tile/8/", "tile/", 1)
		data, err := os.ReadFile(filepath.Join(string(f), path))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func openCheckpoint(path string, log note.Verifier, witness cosigner) tlog.Tree {
	data, err := os.ReadFile(path)
	must(err, path)
	n, err := note.Open(data, note.VerifierList(log, witness))
	must(err, path)
	lines := strings.Split(n.Text, "\n")
	if len(n.Sigs) != 2 || len(lines) != 4 || lines[0] != log.Name() {
		must(fmt.Errorf("%d signatures, text %q", len(n.Sigs), n.Text), path)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err, path)
	root, err := tlog.ParseHash(lines[2])
	must(err, path)
	changed := bytes.Replace(data, []byte("\n"+lines[1]+"\n"), []byte("\n"+lines[1]+"0\n"), 1)
	if _, err := note.Open(changed, note.VerifierList(witness)); err == nil {
		must(fmt.Errorf("a changed size is accepted"), path)
	}
	return tlog.Tree{N: size, Hash: root}
}

func checkProof(line string, trees map[int64]tlog.Tree, tiles folder) {
	words := strings.Fields(line)
	size, _ := strconv.ParseInt(words[1], 10, 64)
	at, _ := strconv.ParseInt(words[2], 10, 64)
	var hashes []tlog.Hash
	for _, word := range words[3:] {
		h, err := tlog.ParseHash(word)
		must(err, line)
		hashes = append(hashes, h)
	}
	tree := trees[size]
	reader := tlog.TileHashReader(tree, tiles)
	if words[0] == "inclusion" {
		leaf := tlog.RecordHash([]byte(fmt.Sprintf("entry %d", at)))
		must(tlog.CheckRecord(hashes, size, tree.Hash, at, leaf), line)
		own, err := tlog.ProveRecord(size, at, reader)
		must(err, line)
		compare(own, hashes, line)
		return
	}
	old, err := tlog.TreeHash(at, reader)
	must(err, line)
	must(tlog.CheckTree(hashes, size, tree.Hash, at, old), line)
	own, err := tlog.ProveTree(size, at, reader)
	must(err, line)
	compare(own, hashes, line)
}

func compare(own, ours []tlog.Hash, line string) {
	if len(own)+len(ours) > 0 && !reflect.DeepEqual(own, ours) {
		must(fmt.Errorf("the library makes another proof"), line)
	}
}

func main() {
	dir := os.Args[1]
	data, err := os.ReadFile(filepath.Join(dir, "vkeys"))
	must(err, "vkeys")
	vkeys := strings.Split(string(data), "\n")
	log, err := note.NewVerifier(vkeys[0])
	must(err, "log key")
	witness := parseCosigner(vkeys[1])
	paths, err := filepath.Glob(filepath.Join(dir, "checkpoint", "*"))
	must(err, "checkpoints")
	trees := map[int64]tlog.Tree{}
	for _, path := range paths {
		tree := openCheckpoint(path, log, witness)
		trees[tree.N] = tree
	}
	data, err = os.ReadFile(filepath.Join(dir, "proofs"))
	must(err, "proofs")
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	for _, line := range lines {
		checkProof(line, trees, folder(dir))
	}
	fmt.Printf("%d checkpoints and %d proofs accepted\n", len(trees), len(lines))
}
