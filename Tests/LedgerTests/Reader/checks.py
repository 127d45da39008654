"""Hashes and checksums, and the end at the first that does not match."""
import hashlib, struct, sys

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
