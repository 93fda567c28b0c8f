"""A standard that declares facts of its own, looked at on data that was read for another."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from balance_tui.request import Request
from balance_tui.sample import write
from balance_tui.standard.load import load_standard
from balance_tui.tui.study import open_study

OWN = """
[standard]
id = "own-facts"
version = "1"
title = "自有数据项"
authority = "测试"
document = "测试"

[[field]]
id = "warm_rooms"
label = "供暖教室数"
level = "county"
unit = "间"
clause = "测试"

[[part]]
id = "rooms"
label = "教室"
clause = "测试"

[[requirement]]
id = "R1"
part = "rooms"
label = "供暖"
clause = "测试"
test = [{ kind = "county", value = "warm_rooms", op = ">=", limit = 10, unit = "间" }]
"""


def test_switching_reads_the_facts_that_nobody_had_asked_the_files_for(tmp_path: Path) -> None:
    write(tmp_path, "contract")
    facts = tmp_path / "county-facts.csv"
    pl.read_csv(facts, infer_schema=False).with_columns(warm_rooms=pl.lit("12")).write_csv(facts)
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    study = open_study(Request(files=(str(tmp_path / "schools.csv"),), county_facts=str(facts)))
    own = load_standard(str(tmp_path / "own.toml"))
    result = study.result_of(own)
    assert result.requirements["value"].to_list() == [12.0] * len(study.counties)
    assert set(result.counties["verdict"].cast(pl.String)) == {"pass"}
