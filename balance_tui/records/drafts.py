"""Text being typed, kept outside the log until it is confirmed, so that a line that drops takes none of it.

One private file a user and assessment, in the workspace's folder `drafts` (of a workspace on a server in the user's own
data): replaced whole at every change, readable by the service account alone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from ..errors import Place, Refused
from ..language import Text

FOLDER = "drafts"
LIMIT = 2**20
"""Most bytes of one file: what many hours of typing come to."""
_FORMAT = 1


@dataclass(frozen=True)
class Typed:
    """What was being typed: `target` as the log names it, `base` the number of its last event that was seen, and the
    parts of the form by name (`value`, `answer`, `remark`, `reason`, ...)."""

    target: str
    base: int
    parts: Mapping[str, str]


class Drafts:
    """The drafts of one user in one assessment. What cannot be read is as if there were none: a draft is a help, and
    never in the way."""

    def __init__(self, folder: Path, user: str, assessment: str) -> None:
        name = hashlib.sha256(f"{user}\0{assessment}".encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self.path = folder / FOLDER / f"{name}.json"
        self._owner = [user, assessment]

    def all(self) -> tuple[Typed, ...]:
        """Every draft, oldest first."""
        try:
            kept = json.loads(self._content())
            if kept["format"] != _FORMAT or kept["of"] != self._owner:
                return ()
            return tuple(_typed(each) for each in kept["drafts"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ()

    def of(self, target: str) -> Typed | None:
        """The draft of a target; None where there is none."""
        return next((each for each in self.all() if each.target == target), None)

    def keep(self, typed: Typed) -> None:
        """Keep a draft in place of the one of its target. It is on disk when this returns. Errors: DRAFT-KEEP, and the
        drafts are as they were."""
        others = [each for each in self.all() if each.target != typed.target]
        self._put([*others, typed])

    def drop(self, target: str) -> None:
        """Forget the draft of a target: it was confirmed or given up. Errors: DRAFT-KEEP."""
        kept = self.all()
        others = [each for each in kept if each.target != target]
        if len(others) < len(kept):
            self._put(others)

    def _content(self) -> bytes:
        descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode) or about.st_uid != os.geteuid() or about.st_size > LIMIT:
                raise PermissionError(self.path)
            return file.read(LIMIT)

    def _put(self, drafts: list[Typed]) -> None:
        kept = {"format": _FORMAT, "of": self._owner, "drafts": [asdict(each) for each in drafts]}
        content = json.dumps(kept, ensure_ascii=True).encode()
        if len(content) > LIMIT:
            raise _not_kept(self.path, Text("草稿过大", "the drafts are too large"))
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, part = tempfile.mkstemp(".part", ".", self.path.parent)
        except OSError as error:
            raise _not_kept(self.path, Text(str(error.strerror), str(error.strerror))) from error
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(self.path)
        except OSError as error:
            with contextlib.suppress(OSError):
                Path(part).unlink()
            raise _not_kept(self.path, Text(str(error.strerror), str(error.strerror))) from error


def _typed(kept: Mapping[str, object]) -> Typed:
    target, base, parts = kept["target"], kept["base"], kept["parts"]
    if not (isinstance(target, str) and isinstance(base, int) and isinstance(parts, dict)):
        raise TypeError(kept)
    return Typed(target, base, {str(name): str(value) for name, value in parts.items()})


def _not_kept(path: Path, why: Text) -> Refused:
    return Refused(
        "DRAFT-KEEP", Text(f"草稿没有保存: {why.zh}", f"the draft was not kept: {why.en}"),
        Text("已确认的不受影响; 请检查磁盘", "what is confirmed is safe; check the disk"), Place(str(path)),
    )  # fmt: skip
