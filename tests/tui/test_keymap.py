"""The keys: names that people write, a file of one's own, the table of the documentation."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.keys import _character_to_key

from balance_tui.cli import main
from balance_tui.cli.keys import markdown
from balance_tui.errors import UsageError
from balance_tui.language import Language, use_language
from balance_tui.tui.actions import REGISTRY, meet
from balance_tui.tui.doing import load_all
from balance_tui.tui.key_names import CHARACTERS, NAMED, REFUSED, doubtful, key_named, refusal
from balance_tui.tui.keymap import (
    VARIABLE,
    Reading,
    defaults,
    keymap_file,
    keymap_text,
    load_keymap,
    warnings_of,
)

load_all()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "keymap.toml"


def _loaded(path: Path, text: str) -> dict[str, tuple[str, ...]]:
    path.write_text(text, encoding="utf-8")
    return load_keymap(path)


# Names of keys


def test_every_printable_character_is_called_as_textual_calls_it() -> None:
    assert {c: _character_to_key(c) for c in CHARACTERS} == dict(CHARACTERS)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a", "a"), ("G", "G"), ("shift+g", "G"), ("/", "slash"), ("slash", "slash"), ("+", "plus"), ("^", "circumflex_accent"),
        ("-", "minus"), (" ", "space"), ("空格", "space"), ("？", "question_mark"), ("Enter", "enter"), ("esc", "escape"),
        ("PgDn", "pagedown"), ("page-up", "pageup"), ("↵", "enter"), ("⌫", "backspace"), ("F2", "f2"), ("ctrl+X", "ctrl+x"),
        ("Control+x", "ctrl+x"), ("^x", "ctrl+x"), ("C-x", "ctrl+x"), ("S-Tab", "shift+tab"), ("alt+x", "alt+x"),
        ("shift+alt+left", "alt+shift+left"), ("ctrl++", "ctrl+plus"),
    ],
)  # fmt: skip
def test_keys_may_be_written_as_people_write_them(text: str, key: str) -> None:
    assert key_named(text) == key


@pytest.mark.parametrize(
    "text", ["", "  ", "hyper", "f25", "é", "永", "ctrl+", "+a", "ctrl+ctrl+a", "shift+1", "ab", "\x1b"]
)
def test_what_is_no_key_has_no_name(text: str) -> None:
    assert key_named(text) is None


@given(st.text(max_size=12))
def test_any_text_is_a_known_key_or_none(text: str) -> None:
    key = key_named(text)
    if key is not None:
        assert key.split("+")[-1] in (*NAMED, *CHARACTERS.values())
        assert key_named(key) == key


def test_the_keys_of_the_program_reach_it_and_meet_nowhere() -> None:
    for action in REGISTRY.values():
        for key in action.keys:
            assert key_named(key) == key
            # ctrl+c leaves the program, as it does any other.
            assert refusal(key) is None or (action.id, key) == ("quit", "ctrl+c")
            assert doubtful(key) is None
    for one, other in combinations(REGISTRY.values(), 2):
        if meet(one, other):
            assert not set(one.keys) & set(other.keys), (one.id, other.id)


# The file


def test_keys_of_the_file_stand_before_those_of_the_program(written: Path) -> None:
    keymap = _loaded(written, '[keys]\nsort = "o"\nnext-failing = ["]", "^n", "]"]\nreread = []\n')
    assert keymap == defaults() | {
        "sort": ("o",), "next-failing": ("right_square_bracket", "ctrl+n"), "reread": (),
    }  # fmt: skip


def test_two_actions_may_change_places(written: Path) -> None:
    assert _loaded(written, '[keys]\nsort = "f"\nfilter = "s"\n')["sort"] == ("f",)


def test_list_and_explanation_may_have_the_same_key(written: Path) -> None:
    assert _loaded(written, '[keys]\nselect = "x"\nexplain-top = "x"\n')["select"] == ("x",)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_that_is_written_changes_nothing_until_something_is_changed(
    written: Path, language: Language
) -> None:
    use_language(language)
    text = keymap_text()
    assert _loaded(written, text) == defaults()
    active = re.sub(r"(?m)^#(?=\S+ = )", "", text)
    assert active.count("\n#") < text.count("\n#")
    assert _loaded(written, active) == defaults()
    for action in REGISTRY.values():
        assert f"# {action.label}" in text
        assert str(action.help) in text


FAULTS = {
    "not TOML": ("[keys]\nsort = \n", "KEYMAP-TOML", 2),
    "an end missing": ('[keys]\nsort = ["a"', "KEYMAP-TOML", 2),
    "too deep": (f"a = {'[' * 9000}", "KEYMAP-TOML", 1),
    "given twice": ('[keys]\nsort = "a"\nsort = "b"\n', "KEYMAP-TOML", 3),
    "another section": ('[keys]\n\n[colours]\nred = "x"\n', "KEYMAP-FORM", 3),
    "outside the section": ('sort = "o"\n', "KEYMAP-FORM", 1),
    "keys no table": ('keys = "o"\n', "KEYMAP-FORM", 1),
    "a number": ("[keys]\n\nsort = 3\n", "KEYMAP-FORM", 3),
    "a list of numbers": ("[keys]\nsort = [3]\n", "KEYMAP-FORM", 2),
    "an unknown action": ('[keys]\nsort = "o"\nsorr = "i"\n', "KEYMAP-ACTION", 3),
    "an unknown key": ('[keys]\nsort = [\n  "o",\n  "hyper+x",\n]\n', "KEYMAP-KEY", 4),
    "a key in a dotted name": ('keys.sort = "nokey"\n', "KEYMAP-KEY", 1),
    "tmux": ('[keys]\n# sort = "x"\nsort = "ctrl+b"\n', "KEYMAP-KEY", 3),
    "flow control": ('[keys]\nsort = "^s"\n', "KEYMAP-KEY", 2),
    "enter in disguise": ('[keys]\nsort = "ctrl+m"\n', "KEYMAP-KEY", 2),
    "not sent": ('[keys]\nsort = "ctrl+1"\n', "KEYMAP-KEY", 2),
    "reserved": ('[keys]\nsort = "u"\n', "KEYMAP-TWICE", 2),
    "reserved though moved": ('[keys]\nundo = "x"\nsort = "u"\n', "KEYMAP-TWICE", 3),
    "of another action": ('[keys]\nsort = "f"\n', "KEYMAP-TWICE", 2),
    "of an action everywhere": ('[keys]\nexplain-top = "q"\n', "KEYMAP-TWICE", 2),
    "both in the file": ('[keys]\nsort = "i"\nfilter = "i"\n', "KEYMAP-TWICE", 2),
}


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("text", "code", "line"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_one_sentence_with_its_line(
    written: Path, text: str, code: str, line: int, language: Language
) -> None:
    use_language(language)
    with pytest.raises(UsageError) as raised:
        _loaded(written, text)
    assert str(raised.value).startswith(f"{code} {written}:{line}: ")
    assert "\n" not in str(raised.value)
    assert "{" not in str(raised.value)
    assert raised.value.mend is not None


def test_an_unknown_action_is_told_with_the_nearest(written: Path) -> None:
    with pytest.raises(UsageError, match="next-failing"):
        _loaded(written, '[keys]\nnext-faling = "x"\n')


@pytest.mark.parametrize("key", REFUSED)
def test_a_key_that_something_swallows_is_refused_with_the_reason(written: Path, key: str) -> None:
    with pytest.raises(UsageError) as raised:
        _loaded(written, f'[keys]\nsort = "{key}"\n')
    assert str(REFUSED[key]) in str(raised.value)


def test_alt_is_taken_with_a_warning(written: Path) -> None:
    keymap = _loaded(written, '[keys]\nsort = ["alt+o", "ctrl+left"]\n')
    assert keymap["sort"] == ("alt+o", "ctrl+left")
    assert [warning.en.split(":")[0] for warning in warnings_of(keymap)] == [
        "the key alt+o of sort", "the key ctrl+left of sort",
    ]  # fmt: skip
    assert warnings_of(defaults()) == ()


def test_strange_files_are_told_in_a_sentence(tmp_path: Path, written: Path) -> None:
    written.write_bytes("# 键位\n[keys]\n".encode("gbk"))
    large = tmp_path / "large"
    large.write_bytes(b"#" * 100_000)
    for path in (written, tmp_path, tmp_path / "none", large, "a\0b"):
        with pytest.raises(UsageError, match="KEYMAP-READ"):
            load_keymap(path)


def _read_or_refused(text: str) -> set[str] | str:
    """The actions that a keymap gives keys, or the code of what is wrong in it."""
    try:
        return set(Reading("keymap.toml", text).keymap())
    except UsageError as error:
        return error.code


_PAIRS = st.dictionaries(
    st.sampled_from([*REGISTRY, "x"]), st.text(max_size=3) | st.sampled_from([*REFUSED, "u", "i", "o"])
)


@given(
    st.text(max_size=80)
    | _PAIRS.map(lambda pairs: "\n".join(f"{k} = {json.dumps(v)}" for k, v in pairs.items()))
)
def test_any_text_is_read_or_refused(text: str) -> None:
    told = _read_or_refused(f"[keys]\n{text}")
    assert told == set(REGISTRY) or str(told).startswith("KEYMAP-")


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(written: Path) -> None:
    written.write_bytes('\ufeff[keys]\r\nsort = "o"\r\n'.encode())
    assert load_keymap(written)["sort"] == ("o",)


def test_a_named_file_must_be_there_the_usual_one_need_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert keymap_file() == tmp_path / "balance-tui" / "keymap.toml"
    assert load_keymap() == defaults()
    monkeypatch.setenv(VARIABLE, str(tmp_path / "mine.toml"))
    with pytest.raises(UsageError, match="KEYMAP-READ"):
        load_keymap()


# The command


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "balance-tui" / "keymap.toml"


@pytest.mark.usefixtures("home")
def test_the_command_lists_every_action_in_the_language_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--lang", "en"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert len(lines) == len(REGISTRY) + 1
    assert re.fullmatch(
        r"sort +s +lists +sort +by this column.*", next(x for x in lines if x.startswith("sort "))
    )


def test_the_command_answers_as_json_with_the_keys_in_force(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home.parent.mkdir()
    home.write_text('[keys]\nsort = "alt+o"\n')
    assert main(["keys", "--json", "--lang", "zh"]) == 0
    told = {each["id"]: each for each in json.loads(capsys.readouterr().out)["keys"]}
    assert told.keys() == REGISTRY.keys()
    assert told["sort"] == {
        "id": "sort", "keys": ["alt+o"], "place": "table", "label": "排序", "help": REGISTRY["sort"].help.zh,
    }  # fmt: skip
    assert main(["keys", "--lang", "en"]) == 0
    assert "the key alt+o of sort" in capsys.readouterr().err


def test_the_command_says_what_is_wrong_in_the_file(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.parent.mkdir()
    home.write_text('[keys]\nsort = "ctrl+b"\n')
    assert main(["keys", "--lang", "en"]) == 2
    assert f"KEYMAP-KEY {home}:2: " in capsys.readouterr().err


def test_the_file_is_written_once_and_never_overwritten(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "--write"]) == 0
    assert capsys.readouterr().out == f"{home}\n"
    assert load_keymap() == defaults()
    home.write_text("# mine\n")
    assert main(["keys", "--write"]) == 2
    assert "KEYMAP-EXISTS" in capsys.readouterr().err
    assert home.read_text() == "# mine\n"
    for name in (str(home / "below"), str(tmp_path), "a\0b"):
        assert main(["keys", "--write", name]) == 2
        assert re.match(r"(OUT|KEYMAP-EXISTS): ", capsys.readouterr().err)


def test_the_page_of_the_documentation_is_current(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "--markdown"]) == 0
    printed = capsys.readouterr().out
    assert printed == markdown()
    assert (root / "docs" / "keys.md").read_text(encoding="utf-8") == printed


def test_reading_a_keymap_imports_neither_polars_nor_pydantic_nor_textual(root: Path, tmp_path: Path) -> None:
    file = tmp_path / "keymap.toml"
    file.write_text('[keys]\nsort = "o"\n')
    program = (
        "import sys; from balance_tui.tui.doing import load_all; load_all();"
        "from balance_tui.tui.keymap import load_keymap; load_keymap(sys.argv[1]);"
        "print([name for name in ('polars', 'pydantic', 'textual', 'tree_sitter') if name in sys.modules])"
    )
    command = [sys.executable, "-c", program, str(file)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout == "[]\n"
