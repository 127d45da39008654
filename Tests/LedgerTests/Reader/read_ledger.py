#!/usr/bin/env python3
"""Reads a ledger as OnDiskFormat.md and Proofs.md describe it, with no code of the ledger's own.

usage: read_ledger.py LEDGER

Checks every frame: key, order, checksums, chain, and the hash of every event; then the Merkle tree
over them: its tiles, and its root at each checkpoint. Signatures are not checked: Python's library
has no Ed25519. Prints events and root as one line of JSON; ends with status 1 at the first fault.
"""
import base64, hashlib, json, lmdb, struct, sys
M = (1 << 64) - 1
P = (0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0x85EBCA77C2B2AE63,
     0x27D4EB2F165667C5)
def rotl(x, r): return (x << r | x >> 64 - r) & M
def step(a, w): return rotl(a + w * P[1] & M, 31) * P[0] & M
def xxh64(b):
    n, i, h = len(b), 0, P[4]
    if n >= 32:
        v = [P[0] + P[1] & M, P[1], 0, -P[0] & M]
        for i in range(0, n - 31, 32):
            v = [step(a, w) for a, w in zip(v, struct.unpack_from("<4Q", b, i))]
        i += 32
        h = sum(rotl(a, r) for a, r in zip(v, (1, 7, 12, 18))) & M
        for a in v:
            h = (h ^ step(0, a)) * P[0] + P[3] & M
    h = h + n & M
    while i + 8 <= n:
        h = rotl(h ^ step(0, int.from_bytes(b[i:i + 8], "little")), 27) * P[0] + P[3] & M
        i += 8
    if i + 4 <= n:
        h = rotl(h ^ int.from_bytes(b[i:i + 4], "little") * P[0] & M, 23) * P[1] + P[2] & M
        i += 4
    for c in b[i:]:
        h = rotl(h ^ c * P[4] & M, 11) * P[0] & M
    h = (h ^ h >> 33) * P[1] & M
    h = (h ^ h >> 29) * P[2] & M
    return h ^ h >> 32
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def check(holds, what): holds or sys.exit(f"not sound: {what}")
def summed(value, what):
    check(len(value) > 8 and xxh64(value[:-8]) == int.from_bytes(value[-8:], "little"), what)
    return value[:-8]
class Tree:
    def __init__(self): self.nodes, self.size, self.tiled = [], 0, {}

    def add(self, leaf):
        level, index, self.size = 0, self.size, self.size + 1
        while index & 1:
            leaf, level, index = sha(b"\1", self.nodes.pop(), leaf), level + 1, index >> 1
            if level % 8 == 0:
                self.tiled[level // 8, index] = leaf
        self.nodes.append(leaf)

    def root(self):
        root = self.nodes[-1] if self.nodes else sha()
        for node in self.nodes[-2::-1]:
            root = sha(b"\1", node, root)
        return root

def read(env):
    names = ("meta", "frames", "segments", "tiles", "checkpoints")
    dbs = {name: env.open_db(name.encode(), create=False) for name in names}
    with env.begin() as txn:
        rows = {name: list(txn.cursor(db)) for name, db in dbs.items()}
    if rows["segments"]: sys.exit("this reader does not read sealed events")
    ledger = summed(dict(rows["meta"])[b"ledger"], "meta")
    heads = {}
    for key, value in rows["checkpoints"]:
        origin, size, root = summed(value, "a checkpoint").split(b"\n")[:3]
        check(origin == b"trunkledger/" + ledger.hex().encode(), "a checkpoint's origin")
        check(int(size) == int.from_bytes(key, "big"), "a checkpoint's key")
        heads[int(size)] = base64.b64decode(root)
    tree, link = Tree(), sha(b"\3", ledger)
    check(heads.pop(0, tree.root()) == tree.root(), "the root of nothing")
    for key, f in rows["frames"]:
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
        for leaf in leaves:
            tree.add(leaf)
            if tree.size in heads:
                check(heads.pop(tree.size) == tree.root(), f"the root at {tree.size}")
    check(not heads, "a checkpoint vouches for events that are gone")
    for key, value in rows["tiles"]:
        level, index, value = key[0], int.from_bytes(key[1:], "big"), summed(value, "a tile")
        for i in range(len(value) // 32):
            check(tree.tiled.get((level, 256 * index + i)) == value[32 * i:32 * i + 32], "a tile")
    print(json.dumps({"events": tree.size, "root": base64.b64encode(tree.root()).decode()}))

read(lmdb.open(sys.argv[1] + "/log", readonly=True, lock=False, max_dbs=16))
