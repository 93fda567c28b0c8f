"""Whether a file lies on a network share, where locks and memory maps of several hosts do not meet."""

from __future__ import annotations

import re
from pathlib import Path

_SHARED = (
    "nfs",
    "cifs",
    "smb",
    "9p",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "gfs",
    "ocfs",
    "fuse.sshfs",
    "davfs",
)
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")
"""How the kernel writes a space, tab, line end or backslash in the name of a folder; other text stands as it is."""


def on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """True where the file system of `path` is one that several hosts share; False where that cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        folder = str(path.resolve().parent)
    except (OSError, RuntimeError):  # a link that leads to itself is a RuntimeError
        return False
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        words, kinds = before.split(), after.split()
        if len(words) < 5 or not kinds:
            continue
        point = _ESCAPED.sub(lambda found: chr(int(found[1], 8)), words[4])
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, kinds[0]
    return kind.startswith(_SHARED)
