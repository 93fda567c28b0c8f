"""A look at a parquet file's counts before the native reader trusts them.

The reader reserves memory by the counts a page declares; one damaged byte there makes it ask for
exabytes, which ends the process and not only the call. So footer and page headers (Thrift compact
protocol) are read here first and must agree with each other and with the size of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_ROWS = 500_000_000
MAX_PAGE = 1 << 30
_MAGIC = b"PAR1"
_DATA_PAGES = (0, 3)
_COUNTS = {0: 5, 2: 7, 3: 8}
"""Page type → the field of its header that holds the page's own header: data, dictionary, data v2."""


class Unsound(ValueError):
    """The file contradicts itself; the text says where."""


class _Compact:
    """Reads Thrift compact structs into dictionaries field id → value."""

    def __init__(self, data: bytes | memoryview, at: int = 0) -> None:
        self._data, self.at = data, at

    def _byte(self) -> int:
        if not 0 <= self.at < len(self._data):
            raise Unsound("truncated header")
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        number = shift = 0
        while True:
            byte = self._byte()
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number
            if shift > 63:
                raise Unsound("bad number")

    def _integer(self) -> int:
        raw = self._varint()
        return (raw >> 1) ^ -(raw & 1)

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The struct at `at`, which then stands behind it."""
        if depth > 24:
            raise Unsound("nested too deeply")
        fields: dict[int, Any] = {}
        last = 0
        while (head := self._byte()) != 0:
            last = last + (head >> 4) if head >> 4 else self._integer()
            fields[last] = self._value(head & 0x0F, depth)
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in (4, 5, 6):
            return self._integer()
        if kind == 7:
            return self._skip(8)
        if kind == 8:
            return self._skip(self._varint())
        if kind in (9, 10):
            return self._list(depth)
        if kind == 12:
            return self.struct(depth + 1)
        raise Unsound("unknown type")

    def _skip(self, size: int) -> None:
        if size > len(self._data) - self.at:
            raise Unsound("text longer than the file")
        self.at += size

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()
        if size > len(self._data):
            raise Unsound("list longer than the file")
        kind = head & 0x0F
        return [self._byte() if kind in (1, 2) else self._value(kind, depth + 1) for _ in range(size)]


def check_parquet(data: bytes | memoryview) -> int:
    """The number of rows the file declares. Raises `Unsound` where counts or sizes cannot be true."""
    size = len(data)
    if size < 12 or bytes(data[-4:]) != _MAGIC:
        raise Unsound("no footer")
    length = int.from_bytes(data[-8:-4], "little")
    if length > size - 12:
        raise Unsound("footer longer than the file")
    footer = _Compact(data, size - 8 - length)
    meta = footer.struct()
    if footer.at != size - 8 or not {1, 2, 3, 4} <= meta.keys():
        raise Unsound("footer is not whole")
    rows = 0
    for group in _many(meta, 4):
        count = _count(group, 3)
        rows += count
        for column in _many(group, 1):
            _check_chunk(data, column.get(3), count)
    if rows != _count(meta, 3):
        raise Unsound("row groups do not add up")
    return rows


def _many(fields: dict[int, Any], number: int) -> list[dict[int, Any]]:
    found = fields.get(number, [])
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unsound("bad footer")
    return found


def _count(fields: dict[int, Any], number: int) -> int:
    found = fields.get(number)
    if not isinstance(found, int) or isinstance(found, bool) or not 0 <= found <= 1 << 40:
        raise Unsound(f"bad count {number}")
    return found


def _check_chunk(data: bytes | memoryview, meta: object, rows: int) -> None:
    """One column chunk: its pages hold as many values as it says, within the bytes it says."""
    if not isinstance(meta, dict):
        raise Unsound("bad column chunk")
    values, size = _count(meta, 5), _count(meta, 7)
    start = _count(meta, 11) if meta.get(11) else _count(meta, 9)
    start = min(start, _count(meta, 9))
    path = meta.get(3)
    nested = isinstance(path, list) and len(path) > 1
    if start + size > len(data) or (not nested and values != rows):
        raise Unsound("column chunk outside the file or of another length")
    if sum(_pages(data, start, start + size, values)) != values:
        raise Unsound("pages do not add up")


def _pages(data: bytes | memoryview, start: int, end: int, values: int) -> Iterator[int]:
    """The number of values of each data page between two offsets."""
    reader = _Compact(data, start)
    while reader.at < end:
        header = reader.struct()
        kind, packed, plain = _count(header, 1), _count(header, 3), _count(header, 2)
        if reader.at + packed > end or plain > MAX_PAGE:
            raise Unsound("page size")
        reader.at += packed
        own = header.get(_COUNTS.get(kind, -1))
        count = _count(own, 1) if isinstance(own, dict) else 0
        if count > values:
            raise Unsound("page count")
        if kind in _DATA_PAGES:
            yield count
