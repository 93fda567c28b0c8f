"""A manifest that is wrong is told in one sentence with its line and how to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from balance_tui.errors import StandardInvalid
from balance_tui.plugins.manifest import API_VERSION, MANIFEST, Manifest, api_fault, read_manifest
from tests.plugins.making import manifest

SOUND = manifest("sound", "check", module="hooks.py", standards=("one.toml",))


def read(folder: Path, text: str | bytes) -> Manifest:
    (folder / "hooks.py").write_text("", encoding="utf-8")
    (folder / "one.toml").write_text("", encoding="utf-8")
    raw = text.encode() if isinstance(text, str) else text
    (folder / MANIFEST).write_bytes(raw)
    return read_manifest(folder)


def refused(folder: Path, text: str | bytes) -> StandardInvalid:
    with pytest.raises(StandardInvalid) as caught:
        read(folder, text)
    assert caught.value.mend is not None
    return caught.value


def test_a_sound_manifest_is_read_whole(tmp_path: Path) -> None:
    more = 'authors = ["甲"]\nlicence = "MIT"\n[commands]\none = "帮助"\ntwo = { zh = "二", en = "two" }'
    found = read(tmp_path, f"{SOUND}{more}")
    assert (found.id, found.version, found.api, tuple(found.title)) == (
        "sound",
        "1.0",
        ">=1,<2",
        ("插件", "a plugin"),
    )
    assert dict(found.standards) == {"one": tmp_path / "one.toml"}
    assert found.module == tmp_path / "hooks.py"
    assert found.capabilities == ("check", "command:one", "command:two")
    assert tuple(found.commands["two"]) == ("二", "two")
    assert (found.authors, found.licence) == (("甲",), "MIT")


FAULTS = {
    "unknown key": (SOUND + 'tytle = "x"', "PLUGIN-KEY", 9, "title"),
    "a key nothing is like": (SOUND + "qqqqqq = 1", "PLUGIN-KEY", 9, "provides"),
    "missing": (SOUND.replace('version = "1.0"\n', ""), "PLUGIN-MISSING", None, "version"),
    "number for text": (SOUND.replace('"1.0"', "1.0"), "PLUGIN-TYPE", 2, ""),
    "blank": (SOUND.replace('"插件"', '" "'), "PLUGIN-TYPE", 4, ""),
    "text for a list": (SOUND.replace('["one.toml"]', '"one.toml"'), "PLUGIN-TYPE", 8, ""),
    "numbers in a list": (SOUND.replace('["one.toml"]', "[1]"), "PLUGIN-TYPE", 8, ""),
    "text for a table": (SOUND + 'commands = "x"', "PLUGIN-TYPE", 9, ""),
    "an id with a space": (SOUND.replace('"sound"', '"so und"'), "PLUGIN-VALUE", 1, ""),
    "an id in capitals": (SOUND.replace('"sound"', '"Sound"'), "PLUGIN-VALUE", 1, ""),
    "an id that climbs": (SOUND.replace('"sound"', '"../x"'), "PLUGIN-VALUE", 1, ""),
    "a version that is a word": (SOUND.replace('"1.0"', '"new"'), "PLUGIN-VALUE", 2, "1.0"),
    "an api that is no range": (SOUND.replace('">=1,<2"', '"1"'), "PLUGIN-VALUE", 3, ">=1,<2"),
    "an absolute path": (SOUND.replace('"one.toml"', '"/etc/one.toml"'), "PLUGIN-PATH", 8, ""),
    "a path that climbs": (SOUND.replace('"one.toml"', '"../one.toml"'), "PLUGIN-PATH", 8, ""),
    "another ending": (SOUND.replace('"one.toml"', '"hooks.py"'), "PLUGIN-PATH", 8, ""),
    "a path with NUL": (SOUND.replace('"one.toml"', '"o\\u0000.toml"'), "PLUGIN-PATH", 8, ""),
    "no such file": (SOUND.replace('"one.toml"', '"two.toml"'), "PLUGIN-FILE", 8, ""),
    "one twice": (SOUND.replace('"one.toml"', '"one.toml", "one.toml"'), "PLUGIN-VALUE", 8, ""),
    "no such module": (SOUND.replace('"hooks.py"', '"hook.py"'), "PLUGIN-FILE", 6, ""),
    "a capability that is none": (SOUND.replace('"check"', '"chek"'), "PLUGIN-PROVIDES", 7, "check"),
    "a statistic without a name": (SOUND.replace('"check"', '"dispersion"'), "PLUGIN-PROVIDES", 7, ""),
    "a check with a name": (SOUND.replace('"check"', '"check:x"'), "PLUGIN-PROVIDES", 7, ""),
    "a reader of csv": (SOUND.replace('"check"', '"reader:.csv"'), "PLUGIN-PROVIDES", 7, ""),
    "a reader without a point": (SOUND.replace('"check"', '"reader:plat"'), "PLUGIN-PROVIDES", 7, ""),
    "a command in provides": (SOUND.replace('"check"', '"command:x"'), "PLUGIN-PROVIDES", 7, "commands"),
    "no module": (SOUND.replace('module = "hooks.py"\n', ""), "PLUGIN-PROVIDES", 6, "module"),
    "code for nothing": (SOUND.replace('provides = ["check"]\n', ""), "PLUGIN-PROVIDES", 6, "provides"),
    "a command in capitals": (SOUND + '[commands]\nONE = "x"', "PLUGIN-TYPE", 10, ""),
    "a command in one language": (SOUND + '[commands]\none = { zh = "x" }', "PLUGIN-TYPE", 10, "en"),
    "not TOML": ("id = \nversion", "PLUGIN-TOML", 1, ""),
    "twice a key": (SOUND + 'id = "other"', "PLUGIN-TOML", 9, ""),
    "deep": ("x = " + "[" * 60_000, "PLUGIN-TOML", None, ""),
    "a number without end": ("x = " + "9" * 5000, "PLUGIN-TOML", None, ""),
    "not UTF-8": (b'id = "\xff"', "PLUGIN-READ", None, ""),
    "binary": (bytes(range(256)) * 40, "PLUGIN-READ", None, ""),
    "ten megabytes": (b"# " + b"x" * 10_000_000, "PLUGIN-READ", None, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_how_to_mend_it(name: str, tmp_path: Path) -> None:
    text, code, line, named = FAULTS[name]
    error = refused(tmp_path, text)
    assert error.code == code
    assert error.place is not None
    assert error.place.file == str(tmp_path / MANIFEST)
    assert error.place.line == line
    assert named in str(error.mend) + str(error.what)
    assert "\n" not in str(error)


def test_a_file_that_a_link_leads_out_of_the_folder_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "plugin"
    folder.mkdir()
    outside = tmp_path / "outside.toml"
    outside.write_text("", encoding="utf-8")
    (folder / "two.toml").symlink_to(outside)
    assert refused(folder, SOUND.replace('"one.toml"', '"two.toml"')).code == "PLUGIN-PATH"


def test_links_that_go_round_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "two.toml").symlink_to(tmp_path / "three.toml")
    (tmp_path / "three.toml").symlink_to(tmp_path / "two.toml")
    assert refused(tmp_path, SOUND.replace('"one.toml"', '"two.toml"')).code in ("PLUGIN-PATH", "PLUGIN-FILE")


@pytest.mark.parametrize("kind", ["none", "folder", "pipe"])
def test_a_manifest_that_is_no_file_is_refused_and_not_waited_for(kind: str, tmp_path: Path) -> None:
    import os

    if kind == "folder":
        (tmp_path / MANIFEST).mkdir()
    if kind == "pipe":
        os.mkfifo(tmp_path / MANIFEST)
    with pytest.raises(StandardInvalid) as caught:
        read_manifest(tmp_path)
    assert caught.value.code == "PLUGIN-READ"


@pytest.mark.parametrize("fits", [">=1", ">=1,<2", "==1.0", "==1", "<=1.0.0", ">0.9, <1.1", "!=2"])
def test_a_range_that_holds_the_programs_api_fits(fits: str, tmp_path: Path) -> None:
    assert API_VERSION == (1, 0)
    assert api_fault(read(tmp_path, SOUND.replace(">=1,<2", fits))) is None


@pytest.mark.parametrize("amiss", [">=2", "<1", ">1", "!=1", ">=1,<1.0", "==1.1", ">=1.0.1"])
def test_a_range_that_does_not_is_told_with_its_line(amiss: str, tmp_path: Path) -> None:
    error = api_fault(read(tmp_path, SOUND.replace(">=1,<2", amiss)))
    assert error is not None
    assert (error.code, error.place and error.place.line) == ("PLUGIN-API", 3)
    assert "1.0" in error.what.zh


_WORDS = st.sampled_from(
    ["id", "api", "standards", "module", "provides", "commands", "=", "[", "]", "{", "}", '"', "'", "\n", "\x00", ".",
     "..", "/", ",", "hooks.py", "check", "9" * 40, "1e999", "nan", "\u202e", "'''", '"""', "#", "\\", "é"]
)  # fmt: skip


@given(at=st.integers(0, len(SOUND)), words=st.lists(_WORDS, max_size=6), cut=st.integers(0, 20))
def test_whatever_is_written_into_a_manifest_it_is_read_or_refused_in_one_sentence(
    at: int, words: list[str], cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    text = SOUND[:at] + "".join(words) + SOUND[at + cut :]
    found = outcome(folder, text)
    if isinstance(found, StandardInvalid):
        assert str(found).isprintable()
        assert found.mend is not None
    else:
        assert all(path.is_relative_to(folder) for path in found.standards.values())
        assert found.module is None or found.capabilities
        fault = api_fault(found)
        assert fault is None or str(fault).startswith("PLUGIN-API")


def outcome(folder: Path, text: str) -> Manifest | StandardInvalid:
    try:
        return read(folder, text)
    except StandardInvalid as error:
        return error


@given(content=st.binary(max_size=400))
def test_any_bytes_are_refused(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp() / "bytes"
    folder.mkdir(exist_ok=True)
    with pytest.raises(StandardInvalid, match="PLUGIN-"):
        read(folder, content)
