extension OfflineChecker {
    /// The signature, and the way from a fact to the checkpoint.
    static let proofs = #"""
# --- The signature: Ed25519 (RFC 8032 section 5.1) over a signed note (C2SP).

FIELD = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, FIELD) % FIELD


def add(left, right):
    """The sum of two points in extended coordinates (X, Y, Z, T), x = X/Z, y = Y/Z, xy = T/Z."""
    a = (left[1] - left[0]) * (right[1] - right[0]) % FIELD
    b = (left[1] + left[0]) * (right[1] + right[0]) % FIELD
    c = 2 * left[3] * right[3] * CURVE % FIELD
    d = 2 * left[2] * right[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def multiply(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point = add(point, point)
        scalar >>= 1
    return total


def decode_point(data):
    """The point of 32 bytes, or None (section 5.1.3)."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    if y >= FIELD:
        return None
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if (x * x - square) % FIELD or (x == 0 and sign):
        return None
    x = FIELD - x if x & 1 != sign else x
    return x, y, 1, x * y % FIELD


def encode_point(point):
    inverse = pow(point[2], -1, FIELD)
    x, y = point[0] * inverse % FIELD, point[1] * inverse % FIELD
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE = decode_point((4 * pow(5, -1, FIELD) % FIELD).to_bytes(32, "little"))


def is_signed(key, message, signature):
    """Section 5.1.7: S B = R + k A."""
    point = decode_point(key)
    scalar = int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(challenge, "little") % ORDER
    minus = (FIELD - point[0], point[1], 1, FIELD - point[3])
    return encode_point(add(multiply(scalar, BASE), multiply(k, minus))) == signature[:32]


def read_key(data, name):
    """NAME+KEYID+BASE64(1 || public key)."""
    match = re.fullmatch(r"([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)\n?", data.decode())
    require(match, name, "it holds no public key")
    key = base64.b64decode(match.group(3), validate=True)
    require(len(key) == 33 and key[0] == 1, name, "this is no Ed25519 key")
    label = hashlib.sha256(match.group(1).encode() + b"\n" + key).hexdigest()[:8]
    require(label == match.group(2), name, "its key id is wrong")
    return Record(name=match.group(1), id=bytes.fromhex(label), bytes=key[1:])


def read_checkpoint(data, key):
    """Origin, size and root, signed by the key: a tlog-checkpoint (C2SP)."""
    name = "checkpoint"
    text, _, signatures = data.decode().rpartition("\n\n")
    text += "\n"
    lines = text.split("\n")
    require(len(lines) == 4 and lines[3] == "", name, "it is no checkpoint")
    require(lines[0] == key.name, name, "it is not of the key's ledger")
    match = re.fullmatch("\u2014 %s ([A-Za-z0-9+/=]+)\n" % re.escape(key.name), signatures)
    require(match, name, "it carries no signature of the key")
    signed = base64.b64decode(match.group(1), validate=True)
    require(signed[:4] == key.id, name, "another key has signed it")
    require(is_signed(key.bytes, text.encode(), signed[4:]), name, "its signature is forged")
    return Record(size=int(lines[1]), root=base64.b64decode(lines[2], validate=True), bytes=data)


# --- The proofs: RFC 6962 section 2.1.1, as C2SP's tlog-proof writes them.

def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def read_proof(data, name, position, head):
    """The content of the leaf at that position, once its hashes lead to the checkpoint's root."""
    text, _, note = data.partition(b"\n\n")
    require(note == head.bytes, name, "it is for another checkpoint")
    lines = text.decode().split("\n")
    require(lines[0] == "c2sp.org/tlog-proof@v1" and lines[1].startswith("extra "), name,
            "it is no proof")
    require(lines[2] == "index %d" % (position - 1), name, "it is for another event")
    leaf = base64.b64decode(lines[1][6:], validate=True)
    path = [base64.b64decode(line, validate=True) for line in lines[3:]]
    lower, upper, turns = 0, head.size, []
    require(0 < position <= upper, name, "the checkpoint does not cover it")
    while upper - lower > 1:
        middle = lower + (1 << (upper - lower - 1).bit_length() - 1)
        turns.append(position - 1 < middle)
        lower, upper = (lower, middle) if turns[-1] else (middle, upper)
    require(len(path) == len(turns), name, "its hashes do not lead to the checkpoint")
    total = hashlib.sha256(b"\0" + leaf).digest()
    for sibling, is_left in zip(path, reversed(turns)):
        total = node(total, sibling) if is_left else node(sibling, total)
    require(total == head.root, name, "its hashes do not lead from its bytes to the checkpoint")
    return leaf

"""#
}
