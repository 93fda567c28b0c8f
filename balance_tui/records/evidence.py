"""The documents that judgements refer to: kept whole in the log by their digest, as imported data are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from ..errors import Place, Refused, UsageError, readable, visible
from ..language import Text
from ..paths import file_at
from .event import Json
from .log import Log
from .state import Assessment, ItemKey
from .targets import item_target
from .transfer import checked_name
from .troubles import told_of_disk

LIMIT = 64 * 2**20
"""Most bytes of one document."""
FOLDER = "evidence"
"""Where the documents of an export lie."""
INBOX = "inbox/"
"""What stands before the name of a file of the inbox, to tell it from a document that is kept."""

Judged = Mapping[ItemKey, dict[str, Json] | None]


@dataclass(frozen=True)
class Sources:
    """Where a document that is named is looked for: a folder in which files come in, and, if `anywhere`, at the path
    that is given."""

    inbox: Path | None = None
    anywhere: bool = False


@dataclass
class Documents:
    """The documents of an assessment's judgements: `file` and `digest` of their references to evidence."""

    log: Log
    one: Assessment

    def kept(self, said: Judged, sources: Sources) -> dict[ItemKey, dict[str, Json] | None]:
        """The same judgements, each document that they name kept in the log and told by name and digest: the one the
        judgement has under that name; one of the inbox, where `inbox/` says so; the file at a path, where it has a `/`;
        one of the inbox; one of that name that another judgement has. Errors: REC-EVIDENCE, XFER-NAME, XFER-KIND, those of
        `Log.put`."""
        return {
            key: None if judgement is None else self._judgement(key, judgement, sources)
            for key, judgement in said.items()
        }

    def _judgement(self, key: ItemKey, judgement: dict[str, Json], sources: Sources) -> dict[str, Json]:
        own = dict(documents_of(self.one.judgements.get(key) or {}))
        references = judgement.get("evidence")
        if not isinstance(references, list):
            return judgement
        return {
            **judgement,
            "evidence": [
                self._reference(each, own, sources) if isinstance(each, dict) else each for each in references
            ],
        }

    def _reference(self, reference: dict[str, Json], own: Mapping[str, str], sources: Sources) -> Json:
        name = reference.get("file")
        if not isinstance(name, str) or not name.strip() or reference.get("digest"):
            return reference
        name = name.strip()
        if name in own:
            return {**reference, "digest": own[name]}
        path = self._path(name, sources)
        if path is not None:
            return {**reference, "file": checked_name(path.name), "digest": self._put(path)}
        named = dict(self.named())
        if name not in named:
            raise _none(name)
        return {**reference, "digest": named[name]}

    def _path(self, name: str, sources: Sources) -> Path | None:
        """The file that a name means; None where no file is meant. Errors: XFER-NAME, XFER-KIND, REC-EVIDENCE."""
        incoming = name.removeprefix(INBOX)
        if "/" in incoming and sources.anywhere:
            found = file_at(name)
            if found is not None:
                return found
        else:
            found = (sources.inbox or Path()) / checked_name(incoming)
            if found.is_symlink() or sources.inbox is None:
                return None
            if found.is_file():
                return found
        if "/" in name:
            raise _none(name)
        return None

    def _put(self, path: Path) -> str:
        try:
            with path.open("rb") as file:
                content = file.read(LIMIT + 1)
        except OSError as error:
            raise told_of_disk(error, path) from error
        if not content or len(content) > LIMIT:
            most = LIMIT // 2**20
            raise Refused(
                "REC-EVIDENCE",
                Text("佐证文件是空的", "the document is empty") if not content else
                Text(f"佐证文件超过 {most} MB", f"the document is larger than {most} MB"),
                Text("请分册或压缩后再送", "split it or make it smaller"), Place(readable(path.name)),
            )  # fmt: skip
        return self.log.put(content)

    def named(self) -> Iterator[tuple[str, str]]:
        """Name and digest of every document that a judgement has now; of one name the last told is the newest."""
        one = self.one
        for key in sorted(one.judgements, key=lambda key: one.last.get(item_target(key), 0)):
            yield from documents_of(one.judgements[key])

    def exported(self) -> Iterator[tuple[str, bytes]]:
        """Name and content of every document that a judgement has now, each once; of two of one name the later gets the
        begin of its digest. Errors: REC-BLOB."""
        taken: dict[str, str] = {}
        for told, digest in self.named():
            plain = Path(told).name
            stem, suffix = Path(plain).stem, Path(plain).suffix
            stem = stem if plain.strip(".") else "document"
            # Some systems take names for the same that differ in capitals alone.
            numbered = (f"-{digest[:8]}-{number}" for number in count(2))
            names = (f"{stem}{end}{suffix}" for end in chain(("", f"-{digest[:8]}"), numbered))
            name = next(each for each in names if taken.get(each.casefold(), digest) == digest)
            if name.casefold() not in taken:
                taken[name.casefold()] = digest
                yield f"{FOLDER}/{name}", self.log.get(digest)


def documents_of(judgement: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and digest of the documents that a judgement has."""
    references = judgement.get("evidence")
    for each in references if isinstance(references, list) else ():
        if isinstance(each, dict) and each.get("digest"):
            yield str(each.get("file", "")), str(each["digest"])


def _none(name: str) -> UsageError:
    shown = visible(name[:80])
    return UsageError(
        "REC-EVIDENCE",
        Text(f"没有佐证文件 {shown}", f"there is no document {shown}"),
        Text("先送入收件箱: ssh 主机 put 文件名", "send it to the inbox first: ssh HOST put NAME"),
    )
