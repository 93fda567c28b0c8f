"""What is done to an assessment: data in, figures corrected, items judged, findings accepted, settings given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..errors import Refused
from ..language import Text
from .event import Event, Json, target_of
from .refusals import check_name, reasonless
from .roles import Area
from .seat import Seat, area_of
from .state import Assessment, FactKey, FindingKey, ItemKey
from .targets import AS_OF, DATA, STANDARD, fact_target, finding_target, item_target


class Acts(Seat):
    """See the module."""

    def create(self, name: str, title: str, area: Area, year: int | None, standard: dict[str, Json]) -> Event:
        """A new assessment under a standard (`id`, `version`, `hash`, `digest` of its canonical form). Errors:
        REC-NAME, REC-EXISTS, REC-ROLE."""
        self.require("create", area)
        if check_name(name) in self.state.assessments:
            raise Refused(
                "REC-EXISTS", Text(f"评估“{name}”已存在", f"the assessment '{name}' exists"),
                Text("请另取名称", "choose another name"),
            )  # fmt: skip
        place = {"province": area.province, "city": area.city, "county": area.county, "school": area.school}
        new: dict[str, Json] = {"title": title, "area": dict(place), "year": year}
        drafts = [
            self._draft(name, "create", target_of("assessment"), None, new, standard=str(standard["hash"])),
            self._draft(name, "standard", STANDARD, None, standard, standard=str(standard["hash"])),
        ]
        return self._written(drafts)[0]

    def importable(self, name: str) -> Assessment:
        """An assessment that the actor may import data into now. Errors: REC-LOCKED, REC-ROLE."""
        return self._open(name, "import")

    def import_data(self, name: str, data: dict[str, Json], reason: str = "") -> Event:
        """Put imported data in force: `files` (name, digest, kind) and what else reading takes. Corrections stay."""
        one = self._open(name, "import")
        old: Json = dict(one.data) or None
        return self._written([self._draft(name, "import", DATA, old, data, reason=reason)])[0]

    def change_standard(self, name: str, standard: dict[str, Json], reason: str) -> Event:
        """Judge by another standard from now on; the events before keep the hash of the one they were made under."""
        one = self._open(name, "standard")
        if not reason.strip():
            raise reasonless()
        draft = self._draft(name, "standard", STANDARD, dict(one.standard), standard, reason=reason)
        return self._written([draft])[0]

    def correct(
        self,
        name: str,
        cells: Sequence[tuple[FactKey, str | None]],
        reason: str = "",
        reported: dict[FactKey, str | None] | None = None,
        bases: dict[FactKey, int] | None = None,
    ) -> tuple[Event, ...]:
        """Put values into facts, all or none. `reported` are the imported values, kept as what was before the first
        correction; `bases` the numbers of the last events that were seen (else those of the state)."""
        one = self._assessment_open(name)
        drafts = []
        for key, value in dict(cells).items():
            self.require("fact", area_of(key, one))
            target = fact_target(key)
            old: Json = {"value": one.facts[key] if key in one.facts else (reported or {}).get(key)}
            new: Json = {"value": value}
            base = (bases or {}).get(key, one.last.get(target, 0))
            if key in one.facts and old == new:
                self._still(one, target, base)
                continue
            drafts.append(self._draft(name, "fact", target, old if key in one.facts else _imported(old), new,
                                      reason=reason, base=base))  # fmt: skip
        return self._done_with(drafts)

    def restore(
        self, name: str, keys: Sequence[FactKey], reason: str = "", bases: dict[FactKey, int] | None = None
    ) -> tuple[Event, ...]:
        """Take corrections back: the imported values count again. `bases` as in `correct`."""
        one = self._assessment_open(name)
        drafts = []
        for key in (key for key in dict.fromkeys(keys) if key in one.facts):
            self.require("fact", area_of(key, one))
            old: Json = {"value": one.facts[key]}
            base = (bases or {}).get(key)
            drafts.append(self._draft(name, "fact", fact_target(key), old, None, reason=reason, base=base))
        return self._done_with(drafts)

    def judge(
        self,
        name: str,
        key: ItemKey,
        judgement: dict[str, Json] | None,
        reason: str = "",
        base: int | None = None,
    ) -> tuple[Event, ...]:
        """Record what an item is answered (`answer`, `score`, `remark`, `evidence`, `unit`); None takes it away."""
        return self.judge_all(name, {key: judgement}, reason, {} if base is None else {key: base})

    def judge_all(
        self,
        name: str,
        judgements: dict[ItemKey, dict[str, Json] | None],
        reason: str = "",
        bases: dict[ItemKey, int] | None = None,
        reported: Mapping[ItemKey, Mapping[str, Json]] | None = None,
    ) -> tuple[Event, ...]:
        """Record several judgements, all or none. `reported` are the imported ones, kept as what was before the first
        of a person."""
        one = self.assessment(name)
        drafts = []
        for key, judgement in judgements.items():
            self.require_judging(one, key)
            target = item_target(key)
            base = (bases or {}).get(key, one.last.get(target, 0))
            old = one.judgements.get(key)
            if old == judgement:
                self._still(one, target, base)
                continue
            before = (reported or {}).get(key) if old is None else None
            told = _imported(dict(before)) if before else old
            drafts.append(self._draft(name, "judge", target, told, judgement, reason=reason, base=base))
        return self._done_with(drafts)

    def acknowledge(
        self, name: str, key: FindingKey, reason: str | None, base: int | None = None
    ) -> tuple[Event, ...]:
        """Accept a data finding for a reason, which reports repeat; None takes that back. `base` is the number of the
        last event of it that was seen (else that of the state)."""
        one = self._assessment_open(name)
        self.require("acknowledge", area_of(key, one))
        if reason is not None and not reason.strip():
            raise reasonless()
        old = one.acknowledged.get(key)
        target = finding_target(key)
        draft = self._draft(name, "acknowledge", target, old, reason, reason=reason or "", base=base)
        return self._changed(one, draft)

    def set(
        self, name: str, setting: str, value: str | None, reason: str = "", base: int | None = None
    ) -> tuple[Event, ...]:
        """Give a setting of the standard a value; None takes it away. `base` as in `acknowledge`."""
        one = self._open(name, "setting")
        draft = self._draft(name, "setting", target_of("setting", setting), one.settings.get(setting), value,
                            reason=reason, base=base)  # fmt: skip
        return self._changed(one, draft)

    def judge_as_of(
        self, name: str, day: str | None, reason: str = "", base: int | None = None
    ) -> tuple[Event, ...]:
        """The date (ISO 8601) the assessment is judged as of; None goes back to the end of the data's year. `base` as
        in `acknowledge`."""
        one = self._open(name, "setting")
        return self._changed(
            one, self._draft(name, "setting", AS_OF, one.as_of, day, reason=reason, base=base)
        )


def _imported(old: Json) -> Json:
    assert isinstance(old, dict)
    return {**old, "imported": True}
