"""The plugins there are, each in one of five states with its reason; found and read without running any code.

`ready` may be used; `disabled` was switched off, or safe mode is on; `incompatible` asks for another api; `invalid`
has a fault in its manifest, its files or its permissions, or shares an id; `failed` broke while it ran.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ..errors import BalanceError, Place, StandardInvalid, visible
from ..language import Text
from ..resources import plugins_dir, profiles_dir
from .choices import Choices, choices, choices_file
from .manifest import Manifest, api_fault, read_manifest
from .places import Found, Origin, drop_in_dir, found
from .safe import in_safe_mode
from .trust import trust_fault

State = Literal["ready", "disabled", "incompatible", "invalid", "failed"]
STATES: tuple[State, ...] = ("ready", "disabled", "incompatible", "invalid", "failed")


@dataclass(frozen=True, slots=True)
class Plugin:
    """One plugin as it was found. `manifest` is None where it could not be read, and then `id` is the name of the
    folder or entry point; `reason` is None of a ready one only."""

    id: str
    origin: Origin
    folder: Path | None
    state: State
    reason: BalanceError | None = None
    manifest: Manifest | None = None

    @property
    def is_third_party(self) -> bool:
        """Whether it did not come with the program."""
        return self.origin != "bundled"

    def turned(self, state: State, reason: BalanceError) -> Plugin:
        """The same in another state."""
        return replace(self, state=state, reason=reason)


_failed: dict[str, StandardInvalid] = {}
_scanned: tuple[object, tuple[Plugin, ...]] | None = None


def plugins() -> tuple[Plugin, ...]:
    """Every plugin: shipped ones first, then folders, then packages. Looked for again only where a folder, the file
    of choices or safe mode has changed since."""
    global _scanned
    key = _key()
    if _scanned is None or _scanned[0] != key:
        _scanned = (key, _scan())
    return tuple(_with_failure(plugin) for plugin in _scanned[1])


def rescan() -> tuple[Plugin, ...]:
    """Look again, as at the start: manifests are read anew and failures forgotten."""
    global _scanned
    from .loading import forget

    forget()
    _scanned = None
    _failed.clear()
    return plugins()


def standard_files() -> dict[str, Path]:
    """The TOML files of every usable plugin's standards, by the id that their name gives. Those of a plugin that
    failed stay: who opens one is told why it cannot be judged, not that there is none."""
    usable = (plugin for plugin in plugins() if plugin.state in ("ready", "failed"))
    return {
        name: path for plugin in usable if plugin.manifest for name, path in plugin.manifest.standards.items()
    }


def withheld(standard: str) -> Text | None:
    """Which plugin has the standard but may not be used, and how that is mended; None where there is none."""
    for plugin in plugins():
        reason = plugin.reason if isinstance(plugin.reason, StandardInvalid) else None
        if plugin.manifest and standard in plugin.manifest.standards and reason and plugin.state != "failed":
            mend = reason.mend or Text("balance-tui plugin list", "balance-tui plugin list")
            return Text(
                f"它在插件 {plugin.id} 中: {reason.what.zh}; {mend.zh}",
                f"the plugin {plugin.id} has it: {reason.what.en}; {mend.en}",
            )
    return None


def providers(capability: str) -> tuple[Plugin, ...]:
    """The ready and the failed plugins whose manifest provides a capability, as `dispersion:gini` or `check`."""
    return tuple(
        plugin
        for plugin in plugins()
        if plugin.state in ("ready", "failed")
        and plugin.manifest
        and capability in plugin.manifest.capabilities
    )


def plugged_suffixes() -> frozenset[str]:
    """The endings of files that usable plugins read, as `.plat`."""
    told = (plugin.manifest for plugin in plugins() if plugin.state in ("ready", "failed"))
    names = (capability.partition(":") for manifest in told if manifest for capability in manifest.provides)
    return frozenset(suffix for kind, _, suffix in names if kind == "reader")


def provider_of(kind: str, reference: str, place: Place | None = None) -> tuple[Plugin, str]:
    """The plugin that a standard means by `NAME` or `PLUGIN:NAME` of a kind of capability (`dispersion`, `scorer`,
    `decision`, `writer`, `command`), and the name. Errors: `PLUGIN-NONE`, `PLUGIN-SEVERAL`, and the reason of a plugin
    that would provide it but failed; all at `place`."""
    owner, _, name = reference.rpartition(":")
    capability = f"{kind}:{name}"
    some = [plugin for plugin in providers(capability) if owner in ("", plugin.id)]
    if len(some) == 1:
        return some[0], name
    raise _several(capability, some, place) if some else _nobody(capability, owner, place)


def _several(capability: str, some: list[Plugin], place: Place | None) -> StandardInvalid:
    names = ", ".join(plugin.id for plugin in some)
    return StandardInvalid(
        "PLUGIN-SEVERAL",
        Text(f"有几个插件提供 {capability}: {names}", f"several plugins provide {capability}: {names}"),
        Text("请写成 插件编号:名称", "write it as PLUGIN:NAME"),
        place,
    )


def _nobody(capability: str, owner: str, place: Place | None) -> StandardInvalid:
    shown = visible(f"{capability} ({owner})" if owner else capability)
    would = next(
        (
            plugin
            for plugin in plugins()
            if plugin.manifest and capability in plugin.manifest.capabilities and owner in ("", plugin.id)
        ),
        None,
    )
    what = Text(f"没有可用的插件提供 {shown}", f"no plugin that can be used provides {shown}")
    if would is None:
        mend = Text("balance-tui plugin list 列出插件", "balance-tui plugin list shows the plugins")
    else:
        mend = Text(
            f"插件 {would.id} 提供它, 但状态为 {would.state}",
            f"the plugin {would.id} would, but is {would.state}",
        )
    return StandardInvalid("PLUGIN-NONE", what, mend, place)


def serving(kind: str, standards: Iterable[str]) -> tuple[Plugin, ...]:
    """The plugins whose `check` or `panel` speaks to these standards (the one in force and what it extends): a plugin
    that carries standards speaks to those alone, one without any to all."""
    wanted = set(standards)
    return tuple(
        plugin
        for plugin in providers(kind)
        if plugin.manifest and (not plugin.manifest.standards or wanted & plugin.manifest.standards.keys())
    )


def mark_failed(plugin: str, reason: StandardInvalid) -> None:
    """Let the ready plugin with this id be `failed` until the program ends or `rescan` is called; the first reason
    stays."""
    _failed.setdefault(plugin, reason)


def _with_failure(plugin: Plugin) -> Plugin:
    reason = _failed.get(plugin.id) if plugin.state == "ready" else None
    return plugin.turned("failed", reason) if reason else plugin


def _key() -> object:
    places = (plugins_dir(), drop_in_dir(), choices_file())
    return (in_safe_mode(), tuple(sys.path), tuple((place, _changed(place)) for place in places))


def _changed(place: Path | None) -> int | None:
    try:
        return place.stat().st_mtime_ns if place else None
    except OSError:
        return None


def _scan() -> tuple[Plugin, ...]:
    off = choices()
    return tuple(_without_twice_given(_without_twins([_read(place, off) for place in found()])))


def _read(place: Found, off: Choices) -> Plugin:
    plugin = Plugin(place.name, place.origin, place.folder, "ready")
    if place.folder is None:
        return plugin.turned("invalid", _no_manifest(place))
    try:
        manifest = read_manifest(place.folder)
    except StandardInvalid as error:
        return plugin.turned("invalid", error)
    plugin = replace(plugin, id=manifest.id, manifest=manifest)
    return _switched_off(plugin, *off) or _unfit(plugin, manifest) or plugin


def _no_manifest(place: Found) -> StandardInvalid:
    return StandardInvalid(
        "PLUGIN-READ",
        Text(
            f"安装的包登记了插件“{place.name}”, 却没有清单",
            f"an installed package registers the plugin '{place.name}' but has no manifest",
        ),
        Text("请重新安装或卸载该包", "install the package again, or remove it"),
    )


def _switched_off(plugin: Plugin, names: frozenset[str], fault: BalanceError | None) -> Plugin | None:
    if plugin.is_third_party and in_safe_mode():
        what = Text("安全模式下不用外来插件", "safe mode uses no plugin from elsewhere")
        mend = Text("请不带 --safe-mode 启动", "start without --safe-mode")
        return plugin.turned("disabled", StandardInvalid("PLUGIN-SAFE-MODE", what, mend))
    if fault is not None and plugin.is_third_party:
        return plugin.turned("disabled", fault)
    if plugin.id not in names:
        return None
    what = Text("已停用", "it is switched off")
    mend = Text(f"balance-tui plugin enable {plugin.id}", f"balance-tui plugin enable {plugin.id}")
    return plugin.turned("disabled", StandardInvalid("PLUGIN-DISABLED", what, mend))


def _unfit(plugin: Plugin, manifest: Manifest) -> Plugin | None:
    fault = api_fault(manifest)
    if fault is not None:
        return plugin.turned("incompatible", fault)
    top = drop_in_dir() if plugin.origin == "folder" and manifest.module else None
    fault = trust_fault(manifest.folder, top.parent) if top else None
    return plugin.turned("invalid", fault) if fault else None


def _without_twins(read: list[Plugin]) -> Iterator[Plugin]:
    """Two that share an id: one shipped with the program stands, of others none does."""
    for plugin in read:
        twins = [other for other in read if other is not plugin and other.id == plugin.id and _counts(other)]
        beside = [twin for twin in twins if plugin.is_third_party or not twin.is_third_party]
        if beside and _counts(plugin):
            what = Text(
                f"插件编号 {plugin.id} 与 {beside[0].folder} 相同",
                f"the plugin id {plugin.id} is also that of {beside[0].folder}",
            )
            mend = Text("请移走其中一个或改编号", "remove one of them or give it another id")
            yield plugin.turned("invalid", StandardInvalid("PLUGIN-TWICE", what, mend, _place(plugin)))
        else:
            yield plugin


def _counts(plugin: Plugin) -> bool:
    return plugin.state == "ready"


def _without_twice_given(read: Iterable[Plugin]) -> Iterator[Plugin]:
    """A standard's id given twice: one shipped with the program stands, of others none does."""
    every = list(read)
    shipped = _ids(every, third_party=False)
    shipped.update({path.stem for path in profiles_dir().glob("*.toml")})
    others = _ids(every, third_party=True)
    for plugin in every:
        taken = next((name for name in _standards(plugin) if _is_taken(name, plugin, shipped, others)), None)
        if taken is None:
            yield plugin
        else:
            what = Text(f"标准编号 {taken} 已有别处使用", f"the standard id {taken} is given elsewhere too")
            mend = Text("请改标准的文件名与编号", "give the standard another file name and id")
            yield plugin.turned("invalid", StandardInvalid("PLUGIN-STANDARD", what, mend, _place(plugin)))


def _ids(every: Iterable[Plugin], *, third_party: bool) -> Counter[str]:
    some = (plugin for plugin in every if plugin.is_third_party == third_party)
    return Counter(name for plugin in some for name in _standards(plugin))


def _is_taken(name: str, plugin: Plugin, shipped: Counter[str], others: Counter[str]) -> bool:
    return shipped[name] + others[name] > 1 if plugin.is_third_party else shipped[name] > 1


def _standards(plugin: Plugin) -> tuple[str, ...]:
    return tuple(plugin.manifest.standards) if plugin.manifest and _counts(plugin) else ()


def _place(plugin: Plugin) -> Place:
    assert plugin.manifest is not None
    return Place(str(plugin.manifest.file))
