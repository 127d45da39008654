"""Checkpoints: signed notes, as Proofs.md describes them."""
import base64
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from checks import check, sha

def public_keys(path):
    """By name and key id, from lines NAME+KEYID+BASE64."""
    keys = {}
    for line in open(path):
        name, number, key = line.rstrip("\n").split("+", 2)
        key, number = base64.b64decode(key), bytes.fromhex(number)
        check(key[:1] == b"\1" and sha(name.encode(), b"\n", key)[:4] == number, "a public key")
        keys[name.encode(), number] = Ed25519PublicKey.from_public_bytes(key[1:])
    return keys

def signed(note, keys):
    """Size and root of a checkpoint, whose signatures hold."""
    text, signatures = note.split(b"\n\n")
    origin, size, root = text.split(b"\n")
    for line in signatures.splitlines():
        dash, name, signature = line.split(b" ")
        signature = base64.b64decode(signature)
        check(dash == "\u2014".encode() and name == origin, "a signature's name")
        try:
            keys[name, signature[:4]].verify(signature[4:], text + b"\n")
        except (KeyError, InvalidSignature):
            check(False, "a checkpoint's signature")
    return origin, int(size), base64.b64decode(root)
