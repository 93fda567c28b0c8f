"""Writing the sample to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from ..errors import Place, UsageError
from ..language import Text
from .build import build
from .tables import write_companions, write_schools
from .wide import write_workbooks

Layout = Literal["contract", "wide"]


def _written(folder: Path, layout: Layout, seed: int) -> tuple[Path, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    sample = build(seed)
    if layout == "contract":
        return (write_schools(folder, sample), *write_companions(folder, sample, labelled=False))
    return (*write_workbooks(folder, sample), *write_companions(folder, sample, labelled=True))


def write(folder: Path, layout: Layout, *, seed: int = 2025) -> tuple[Path, ...]:
    """Write the made-up sample into `folder` (made if need be) and give the files, data tables first.

    `contract`: `schools.csv` with field codes. `wide`: one workbook a county, year and stage as the
    statistics export gives it. Both with `county-facts.csv`, `judgements.csv`, `rooms.csv` and
    `class_list.csv`, both for the same figures. The same seed writes the same bytes.

    Raises `UsageError` where the folder cannot be written.
    """
    try:
        return _written(folder, layout, seed)
    except OSError as error:
        raise UsageError(
            "SAMPLE_NOT_WRITTEN",
            Text(f"无法写入示例数据({error.strerror})", f"the sample cannot be written ({error.strerror})"),
            Text("请换一个可写的文件夹", "choose a folder that can be written to"),
            Place(str(folder)),
        ) from error
