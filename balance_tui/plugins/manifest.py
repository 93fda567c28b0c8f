"""`balance-plugin.toml`: what a plugin is, which standards it carries and which code, read without running any.

Every fault is one sentence `CODE file:line: what; how to mend`; the first one ends the reading.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import Place, StandardInvalid, visible
from ..language import Text

MANIFEST = "balance-plugin.toml"
"""The name of the manifest in the plugin's folder."""

API_VERSION = (1, 0)
"""The version of the hooks and of the manifest that this program speaks."""

CAPABILITIES = ("dispersion", "scorer", "decision", "reader", "writer", "check", "panel")
"""What `provides` may name: `check` and `panel` alone, the others with what they serve (`dispersion:gini`)."""

_ALONE = ("check", "panel")
_OWN_SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".parquet", ".pq", ".toml")
_LARGEST = 64 * 1024
_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.+-]{0,31}")
_WORD = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,16}")
_RANGE = re.compile(r"(>=|<=|==|!=|>|<)\s*([0-9]{1,4}(?:\.[0-9]{1,4}){0,2})")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest without a fault. `standards`: id → file; `module`: the file of the hooks, None without code;
    `provides`: capabilities in the order written, those of `commands` not among them."""

    folder: Path
    id: str
    version: str
    api: str
    title: Text
    standards: Mapping[str, Path] = field(default_factory=dict)
    module: Path | None = None
    provides: tuple[str, ...] = ()
    commands: Mapping[str, Text] = field(default_factory=dict)
    authors: tuple[str, ...] = ()
    licence: str = ""

    @property
    def file(self) -> Path:
        """The manifest itself."""
        return self.folder / MANIFEST

    @property
    def capabilities(self) -> tuple[str, ...]:
        """What the hooks serve: `provides`, then `command:NAME` for each command."""
        return (*self.provides, *(f"command:{name}" for name in self.commands))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the plugin in `folder`. Errors: `PLUGIN-READ`, `PLUGIN-TOML`, `PLUGIN-KEY`, `PLUGIN-MISSING`,
    `PLUGIN-TYPE`, `PLUGIN-VALUE`, `PLUGIN-PATH`, `PLUGIN-FILE`, `PLUGIN-PROVIDES`. Whether the range of the api fits
    is for `api_fault` to say."""
    file = folder / MANIFEST
    return _Reader(folder, file, _text_of(file)).manifest()


def api_fault(manifest: Manifest) -> StandardInvalid | None:
    """Why the program's api is outside the range that the plugin asks for (`PLUGIN-API`); None where it is inside."""
    if all(_holds(operator, _numbers(version)) for operator, version in _RANGE.findall(manifest.api)):
        return None
    ours = ".".join(map(str, API_VERSION))
    return StandardInvalid(
        "PLUGIN-API",
        Text(
            f"插件需要接口版本 {manifest.api}, 本程序为 {ours}",
            f"the plugin needs api {manifest.api}, this program has {ours}",
        ),
        Text("请换用相配的插件或程序版本", "use a version of the plugin or of the program that fits"),
        Place(str(manifest.file), _line_of(_text_of(manifest.file), "api")),
    )


def _numbers(version: str) -> tuple[int, ...]:
    parts = tuple(map(int, version.split(".")))
    return (*parts, *(0,) * (3 - len(parts)))


_OURS = (*API_VERSION, 0)
_COMPARISONS: Mapping[str, Callable[[tuple[int, ...]], bool]] = {
    ">=": lambda other: other <= _OURS,
    "<=": lambda other: other >= _OURS,
    "==": lambda other: other == _OURS,
    "!=": lambda other: other != _OURS,
    ">": lambda other: other < _OURS,
    "<": lambda other: other > _OURS,
}


def _holds(operator: str, other: tuple[int, ...]) -> bool:
    return _COMPARISONS[operator](other)


def _text_of(file: Path) -> str:
    try:
        if not file.is_file():  # a device or a pipe would never end
            raise _unreadable(file, "no such file" if not file.exists() else "not a regular file")
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise _unreadable(file, f"larger than {_LARGEST // 1024} KiB")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(file, "not UTF-8") from error
    except OSError as error:
        raise _unreadable(file, error.strerror or type(error).__name__) from error


def _unreadable(file: Path, reason: str) -> StandardInvalid:
    return StandardInvalid(
        "PLUGIN-READ",
        Text(f"插件清单读不出 ({reason})", f"the plugin's manifest cannot be read ({reason})"),
        Text(f"请检查 {MANIFEST} 及其权限", f"check {MANIFEST} and its permissions"),
        Place(str(file)),
    )


def _line_of(text: str, key: str, word: str | None = None) -> int | None:
    """The line of a top-level key or table, or of a word in its value: manifests are flat, so a search is enough."""
    rows = text.splitlines()
    wanted = re.compile(rf"""\s*(\[\s*)?["']?{re.escape(key)}["']?\s*(=|\.|\])""")
    found = next((row for row, line in enumerate(rows) if wanted.match(line)), None)
    if found is None or word is None:
        return None if found is None else found + 1
    return next((row for row in range(found, len(rows)) if word in rows[row]), found) + 1


_KINDS: Mapping[str, tuple[Callable[[Any], bool], Text]] = {
    "text": (lambda value: isinstance(value, str) and bool(value.strip()), Text("文字", "text")),
    "list": (
        lambda value: isinstance(value, list) and all(isinstance(item, str) and item for item in value),
        Text("文字列表 [ ]", "a list [ ] of texts"),
    ),
    "table": (lambda value: isinstance(value, dict), Text("表 { }", "a table { }")),
}
_KEYS: Mapping[str, str] = {
    "id": "text", "version": "text", "api": "text", "title": "text", "title_en": "text", "standards": "list",
    "module": "text", "provides": "list", "commands": "table", "authors": "list", "licence": "text",
}  # fmt: skip
_REQUIRED = ("id", "version", "api", "title")
_FORMS: Mapping[str, tuple[Callable[[str], bool], Text]] = {
    "id": (
        lambda text: bool(_ID.fullmatch(text)),
        Text("小写字母开头, 只用小写字母、数字、连字符", "lower-case letters, digits and hyphens, a letter first"),
    ),
    "version": (lambda text: bool(_VERSION.fullmatch(text)), Text("如 1.0", "as 1.0")),
    "api": (
        lambda text: all(_RANGE.fullmatch(part.strip()) for part in text.split(",")),
        Text('如 ">=1,<2"', 'as ">=1,<2"'),
    ),
}  # fmt: skip


class _Reader:
    """One manifest while it is checked."""

    def __init__(self, folder: Path, file: Path, text: str) -> None:
        self.folder, self.file, self.text = folder, file, text
        self.data = self._parsed()

    def manifest(self) -> Manifest:
        self._check_keys()
        data = self.data
        made = Manifest(
            folder=self.folder,
            id=data["id"],
            version=data["version"],
            api=data["api"],
            title=Text(data["title"], data.get("title_en", data["title"])),
            standards=self._standards(),
            module=self._inside("module", data["module"], ".py") if "module" in data else None,
            provides=tuple(data.get("provides", ())),
            commands=self._commands(),
            authors=tuple(data.get("authors", ())),
            licence=data.get("licence", ""),
        )
        self._check_provides(made)
        return made

    def _parsed(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.text)
        except RecursionError:
            raise self.fault("PLUGIN-TOML", Text("嵌套太深", "it is nested too deep"), _CORRECT) from None
        except ValueError as error:  # also a whole number of more digits than Python reads
            line = str(error).partition("at line ")[2].partition(",")[0]
            if str(error).endswith("(at end of document)"):
                line = str(self.text.rstrip().count("\n") + 1)
            what = Text(f"不是有效的 TOML: {error}", f"not valid TOML: {error}")
            place = Place(str(self.file), int(line) if line.isdigit() else None)
            raise StandardInvalid("PLUGIN-TOML", what, _CORRECT, place) from None

    def fault(
        self, code: str, what: Text, mend: Text, key: str | None = None, word: str | None = None
    ) -> StandardInvalid:
        line = _line_of(self.text, key, word) if key else None
        return StandardInvalid(code, what, mend, Place(str(self.file), line))

    def _check_keys(self) -> None:
        for key in self.data:
            if key not in _KEYS:
                raise self._unknown(key)
        for key in _REQUIRED:
            if key not in self.data:
                what = Text(f"缺少 {key}", f"{key} is missing")
                mend = Text(f'请写明 {key} = "..."', f'write {key} = "..."')
                raise self.fault("PLUGIN-MISSING", what, mend)
        for key, value in self.data.items():
            self._check_value(key, value)

    def _unknown(self, key: str) -> StandardInvalid:
        from difflib import get_close_matches

        shown = visible(key)
        near = get_close_matches(key, _KEYS, 1)
        known = ", ".join(_KEYS)
        mend = (
            Text(f"最接近的是 {near[0]}", f"the nearest is {near[0]}")
            if near
            else Text(f"可用 {known}", f"one of {known} is expected")
        )
        what = Text(f"没有名为 {shown} 的键", f"there is no key {shown}")
        return self.fault("PLUGIN-KEY", what, mend, key)

    def _check_value(self, key: str, value: Any) -> None:
        is_kind, expected = _KINDS[_KEYS[key]]
        if not is_kind(value):
            what = Text(f"{key} 须为{expected.zh}", f"{key} must be {expected.en}")
            raise self.fault("PLUGIN-TYPE", what, _CORRECT, key)
        fits, form = _FORMS.get(key, (None, Text("", "")))
        if fits is not None and not fits(value):
            what = Text(f"{key} 不能是“{visible(value)}”", f"{key} cannot be '{visible(value)}'")
            raise self.fault("PLUGIN-VALUE", what, Text(f"写法: {form.zh}", f"write {form.en}"), key)

    def _standards(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for name in self.data.get("standards", ()):
            path = self._inside("standards", name, ".toml")
            if path.stem in found:
                what = Text(f"标准 {path.stem} 列了两次", f"the standard {path.stem} is listed twice")
                raise self.fault("PLUGIN-VALUE", what, Text("请只列一次", "list it once"), "standards", name)
            found[path.stem] = path
        return found

    def _inside(self, key: str, name: str, suffix: str) -> Path:
        """The file that a manifest names: a regular one that lies, with every link followed, in the folder."""
        shown = visible(name)
        try:
            home = self.folder.resolve()
            path = (home / name).resolve()
            inside = path.is_relative_to(home) and not Path(name).is_absolute() and path.suffix == suffix
            there = path.is_file()
        except (OSError, ValueError, RuntimeError):  # a name with NUL, or links that lead in a circle
            inside = there = False
        if not inside:
            what = Text(
                f"“{shown}”不是插件文件夹内的 {suffix} 文件",
                f"'{shown}' is no {suffix} file inside the plugin's folder",
            )
            mend = Text("请放在文件夹内并写相对路径", "keep it in the folder and write a relative path")
            raise self.fault("PLUGIN-PATH", what, mend, key, name)
        if not there:
            what = Text(f"没有文件“{shown}”", f"there is no file '{shown}'")
            raise self.fault(
                "PLUGIN-FILE", what, Text("请放入该文件或改正文件名", "add it or correct the name"), key, name
            )
        return self.folder / name

    def _commands(self) -> dict[str, Text]:
        found: dict[str, Text] = {}
        for name, told in self.data.get("commands", {}).items():
            both = (told, told) if isinstance(told, str) else _pair_of(told)
            if both is None or not _WORD.fullmatch(name):
                what = Text(
                    f"命令“{visible(name)}”写法不对", f"the command '{visible(name)}' is not written so"
                )
                mend = Text(
                    '请写成 名称 = "说明" 或 名称 = { zh = "说明", en = "help" }',
                    'write name = "help" or name = { zh = "说明", en = "help" }, the name in lower case',
                )
                raise self.fault("PLUGIN-TYPE", what, mend, "commands", name)
            found[name] = Text(*both)
        return found

    def _check_provides(self, made: Manifest) -> None:
        for name in made.provides:
            if not _is_capability(name):
                what = Text(f"provides 不能有“{visible(name)}”", f"provides cannot hold '{visible(name)}'")
                mend = Text(
                    f"写法: {_PROVIDED}; 命令写在 commands", f"write {_PROVIDED}; commands go in commands"
                )
                raise self.fault("PLUGIN-PROVIDES", what, mend, "provides", name)
        if made.capabilities and made.module is None:
            what = Text("说了提供什么, 却没有 module", "it says what it provides but has no module")
            mend = Text('请写明 module = "hooks.py"', 'write module = "hooks.py"')
            raise self.fault("PLUGIN-PROVIDES", what, mend, "provides" if made.provides else "commands")
        if made.module is not None and not made.capabilities:
            what = Text("有 module, 却没有说提供什么", "it has a module but does not say what it provides")
            mend = Text("请写明 provides, 否则代码永远不会运行", "write provides, else the code never runs")
            raise self.fault("PLUGIN-PROVIDES", what, mend, "module")


_CORRECT = Text("请改正该处", "correct it there")
_PROVIDED = "dispersion:NAME, scorer:NAME, decision:NAME, reader:.EXT, writer:KIND, check, panel"


def _pair_of(told: Any) -> tuple[str, str] | None:
    if not isinstance(told, dict) or set(told) != {"zh", "en"}:
        return None
    zh, en = told["zh"], told["en"]
    return (zh, en) if isinstance(zh, str) and isinstance(en, str) else None


def _is_capability(name: str) -> bool:
    kind, colon, what = name.partition(":")
    if kind not in CAPABILITIES or bool(colon) == (kind in _ALONE):
        return False
    form = _SUFFIX if kind == "reader" else _WORD
    return what not in _OWN_SUFFIXES and bool(not colon or form.fullmatch(what))
