extension OfflineChecker {
    /// The pack: a directory or an archive, whole as its sums say.
    static let pack = #"""
#!/usr/bin/env python3
"""Checks an evidence pack of TrunkLedger, offline, with nothing but Python 3.

    python3 check.py                      the pack that this script lies in
    python3 check.py evidence-ID.tar      a pack as it was sent
    python3 check.py --key FILE PACK      with a public key that you got another way

It proves each fact of the pack against the signed checkpoint, works the call record out anew
from the facts' own bytes, and holds every other file to the result. Exit status: 0 all of it
holds, 1 something does not (each problem names its file), 64 wrong usage.
"""
import base64
import datetime
import hashlib
import html
import ipaddress
import json
import os
import re
import struct
import sys
import time
from types import SimpleNamespace as Record

FORMAT = "trunkledger-evidence 1"
FILES = {"README.txt", "summary.html", "ladder.txt", "cdr.json", "facts.ndjson", "checkpoint",
         "key.pub", "check.py", "SHA256SUMS"}
CLAIM = "claim.json"


class Problem(Exception):
    """What is wrong, and in which file."""

    def __init__(self, name, what):
        super().__init__("%s: %s" % (name, what))


def require(holds, name, what):
    if not holds:
        raise Problem(name, what)


# --- The pack: a directory, or a tar archive whose every byte is accounted for.

def tar_header(name, size, mtime):
    head = struct.pack("100s8s8s8s12s12s8s1s100s6s2s32s32s8s8s155s12x", name.encode(),
                       b"0000644", b"0000000", b"0000000", b"%011o" % size, b"%011o" % mtime,
                       b" " * 8, b"0", b"", b"ustar", b"00", b"", b"", b"0000000", b"0000000", b"")
    return head[:148] + b"%06o\0 " % sum(head) + head[156:]


def read_tar(path):
    with open(path, "rb") as file:
        data = file.read()
    files, at, mtime, folder = {}, 0, None, None
    while any(data[at:at + 512]):
        head = data[at:at + 512]
        where = "archive byte %d" % at
        try:
            name = head[:100].rstrip(b"\0").decode("ascii")
            size, seconds = int(head[124:135], 8), int(head[136:147], 8)
        except ValueError:
            raise Problem(where, "this is no header of a file")
        expected = mtime if mtime is not None else seconds
        require(head == tar_header(name, size, expected), where, "the header of a file was changed")
        require(folder in (None, name.split("/")[0]), where, "a file outside of the pack's folder")
        mtime, folder = expected, name.split("/")[0]
        body = data[at + 512:at + 512 + size]
        padding = -size % 512
        rest = data[at + 512 + size:at + 512 + size + padding]
        require(len(body) == size and rest == b"\0" * padding, where,
                "the end of %s was changed" % name)
        files[name[len(folder) + 1:]] = body
        at += 512 + size + padding
    require(data[at:] == b"\0" * 1024, "archive byte %d" % at, "the archive's end was changed")
    return files


def read_directory(root):
    files = {}
    for folder, folders, names in os.walk(root):
        folders[:] = [each for each in folders if each != "__pycache__"]
        for name in names:
            path = os.path.join(folder, name)
            with open(path, "rb") as file:
                files[os.path.relpath(path, root).replace(os.sep, "/")] = file.read()
    return files


def check_sums(files):
    """Every file against SHA256SUMS, which 'sha256sum -c' reads too: finds accidents."""
    name = "SHA256SUMS"
    require(name in files, name, "it is missing")
    problems, listed, text = [], [], files[name]
    for line in text.split(b"\n")[:-1]:
        match = re.fullmatch(rb"([0-9a-f]{64})  ([\x21-\x7e]+)", line)
        require(match, name, "this line is none of it: %r" % line)
        member = match.group(2).decode()
        listed.append(member)
        if member not in files:
            problems.append(Problem(member, "it is missing, SHA256SUMS names it"))
        elif hashlib.sha256(files[member]).hexdigest() != match.group(1).decode():
            problems.append(Problem(member, "it is not what SHA256SUMS says; one was changed"))
    require(text.endswith(b"\n") and listed == sorted(set(listed)), name, "it was changed")
    for member in sorted(set(files) - set(listed) - {name}):
        problems.append(Problem(member, "SHA256SUMS does not name it"))
    for member in sorted(FILES - set(files)):
        problems.append(Problem(member, "it is missing"))
    return problems

"""#
}
