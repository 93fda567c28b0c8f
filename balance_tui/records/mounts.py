"""Whether a file lies on a network share, where locks and memory maps of several hosts do not meet."""

from __future__ import annotations

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


def on_network(path: Path, mounts: Path = _MOUNTS) -> bool:
    """True where the file system of `path` is one that several hosts share; False where that cannot be told."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    folder = str(path.resolve().parent)
    best, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split()[4].encode().decode("unicode_escape")
        inside = folder == point or folder.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, after.split()[0]
    return kind.startswith(_SHARED)
