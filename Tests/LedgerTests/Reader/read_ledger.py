#!/usr/bin/env python3
"""Reads a ledger as OnDiskFormat.md and Proofs.md describe it, with no code of the ledger's own.

usage: read_ledger.py LEDGER

Checks every segment: checksums, content hash, lists and leaves; every frame: key, order, checksums,
chain, and the hash of every event; then the Merkle tree over them: its tiles, and its root and
signature at each checkpoint. Prints events and root as one line of JSON; ends with status 1 at the
first fault.
"""
import base64, json, lmdb, struct, sys
from checkpoint import public_keys, signed
from checks import check, sha, summed, xxh64
from merkle import Tree
from segment import Segment

def frame(key, f, tree, link):
    """The leaves of a frame, whose link must be `link`, and its own link."""
    version, header, first, count, size = struct.unpack_from("<HHQII", f, 4)
    records, at = header + 32 * count, f"the frame at {first}"
    check(f[:4] == b"TLFR" and {1: 128, 2: 136}.get(version) == header, at)
    stamps, zero = struct.unpack_from("<II", f, 128) if version == 2 else (0, 0)
    end = records + 24 * stamps
    check(zero == 0 and (version == 1 or stamps > 0) and len(f) == end + 8 + size, at)
    check(int.from_bytes(key, "big") == first == tree.size + 1, f"{at}: order")
    check(xxh64(f[:end]) == int.from_bytes(f[end:end + 8], "little"), f"{at}: records")
    check(xxh64(f[end + 8:]) == int.from_bytes(f[120:128], "little"), f"{at}: payloads")
    leaves, begin = [], end + 8
    for r in range(header, records, 32):
        stop = end + 8 + int.from_bytes(f[r + 4:r + 8], "little")
        leaves.append(sha(b"\0", f[24:40], f[r:r + 3], f[r + 8:r + 32], f[begin:stop]))
        begin = stop
    check(f[56:88] == link, f"{at}: previous link")
    link = sha(b"\2", link, f[8:20], *leaves)
    check(f[88:120] == link, f"{at}: link")
    return leaves, link

def sealed(rows, tree, link):
    """The leaves of the segments, and the link after the last of them."""
    pieces = {}
    for key, value in rows:
        first, number = struct.unpack(">QI", key)
        pieces.setdefault(first, {})[number] = value
    for first, found in pieces.items():
        if 0 not in found: continue  # left by a sealing that was cut short
        check(list(found) == list(range(len(found))), f"the segment at {first}: pieces")
        segment = Segment(list(found.values()))
        check(segment.first == first and segment.before == link, f"{segment.at}: order")
        for begin, leaves in segment.frames():
            check(begin == tree.size + 1, f"{segment.at}: order")
            yield leaves, segment.link
        link = segment.link

def read(directory):
    env = lmdb.open(directory + "/log", readonly=True, lock=False, max_dbs=16)
    names = ("meta", "frames", "segments", "tiles", "checkpoints")
    dbs = {name: env.open_db(name.encode(), create=False) for name in names}
    with env.begin() as txn:
        rows = {name: list(txn.cursor(db)) for name, db in dbs.items()}
    ledger, heads = summed(dict(rows["meta"])[b"ledger"], "meta"), {}
    keys = public_keys(directory + "/key.pub") if rows["checkpoints"] else {}
    for key, value in rows["checkpoints"]:
        origin, size, root = signed(summed(value, "a checkpoint"), keys)
        check(origin == b"trunkledger/" + ledger.hex().encode(), "a checkpoint's origin")
        check(size == int.from_bytes(key, "big"), "a checkpoint's key")
        heads[size] = root
    tree, link = Tree(), sha(b"\3", ledger)
    check(heads.pop(0, tree.root()) == tree.root(), "the root of nothing")
    def grow(leaves):
        for leaf in leaves:
            tree.add(leaf)
            if tree.size in heads:
                check(heads.pop(tree.size) == tree.root(), f"the root at {tree.size}")
    for leaves, link in sealed(rows["segments"], tree, link):
        grow(leaves)
    for key, f in rows["frames"]:
        leaves, link = frame(key, f, tree, link)
        grow(leaves)
    check(not heads, "a checkpoint vouches for events that are gone")
    for key, value in rows["tiles"]:
        level, index, value = key[0], int.from_bytes(key[1:], "big"), summed(value, "a tile")
        for i in range(len(value) // 32):
            check(tree.tiled.get((level, 256 * index + i)) == value[32 * i:32 * i + 32], "a tile")
    print(json.dumps({
        "events": tree.size, "sealed": sum(1 for key, _ in rows["segments"] if key[8:] == bytes(4)),
        "root": base64.b64encode(tree.root()).decode()}))

read(sys.argv[1])
