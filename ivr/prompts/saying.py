"""Which flows say which prompts, in which languages, and what of that nobody has written yet."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from ivr.models import (
    DatedException,
    Flow,
    FlowLanguage,
    Prompt,
    PublicHoliday,
    Step,
    StepPrompt,
    WaitItem,
    Wording,
    YearlyDate,
)
from ivr.prompts import ssml


@dataclass(frozen=True, slots=True)
class Cell:
    """A prompt in a language: `state` is one of text, sound, missing and none; `words` is what is said."""

    language: str
    state: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A prompt, the names of the flows that say it, and a cell for each language of the table."""

    prompt: int
    name: str
    flows: tuple[str, ...]
    cells: tuple[Cell, ...]

    @property
    def missing(self) -> list[str]:
        return [cell.language for cell in self.cells if cell.state == "missing"]


@dataclass(frozen=True, slots=True)
class Table:
    """Prompts by language. `lacking` counts what is missing, by language; languages without are left out."""

    languages: tuple[str, ...]
    rows: tuple[Row, ...]
    lacking: Mapping[str, int]


def table(*, flow: int | None = None, only_missing: bool = False, prompt: int | None = None) -> Table:
    """Give the prompts that flows say (or one of them) by the languages of these flows; of one flow only its own."""
    names = dict(Flow.objects.values_list("pk", "name"))
    spoken = _spoken(names if flow is None else {flow})
    saying = _saying()
    if flow is not None:
        saying = {key: flows & {flow} for key, flows in saying.items() if flow in flows}
    languages = tuple(dict.fromkeys(one for of_flow in spoken.values() for one in of_flow))
    prompts = Prompt.objects.order_by("name").prefetch_related("wordings__audio")
    if flow is not None:
        prompts = prompts.filter(pk__in=saying)
    if prompt is not None:
        prompts = prompts.filter(pk=prompt)
    rows = [_row(one, saying.get(one.pk, set()), names, spoken, languages) for one in prompts]
    lacking = {language: sum(language in row.missing for row in rows) for language in languages}
    return Table(
        languages,
        tuple(row for row in rows if row.missing or not only_missing),
        {language: count for language, count in lacking.items() if count},
    )


def flows_of(prompt: Prompt) -> list[Flow]:
    """Give the flows that say a prompt, by name."""
    return list(Flow.objects.filter(pk__in=_saying(prompt).get(prompt.pk, set())).order_by("name"))


def saying(prompts: Collection[int]) -> set[int]:
    """Give the ids of the flows that say any of these prompts."""
    found = _saying()
    return {flow for key in prompts for flow in found.get(key, ())}


def languages_of(flows: Iterable[Flow]) -> list[str]:
    """Give the languages that these flows speak, each once."""
    return list(dict.fromkeys(one for of_flow in _spoken({flow.pk for flow in flows}).values() for one in of_flow))


def _row(
    prompt: Prompt, flows: set[int], names: Mapping[int, str], spoken: Mapping[int, list[str]], languages: Iterable[str]
) -> Row:
    needed = {language for flow in flows for language in spoken.get(flow, ())}
    wordings = {row.language: row for row in prompt.wordings.all()}
    cells = tuple(_cell(language, wordings.get(language), is_needed=language in needed) for language in languages)
    return Row(prompt.pk, prompt.name, tuple(sorted(names[flow] for flow in flows)), cells)


def _cell(language: str, wording: Wording | None, *, is_needed: bool) -> Cell:
    if wording is not None and wording.audio:
        return Cell(language, "sound", str(wording.audio))
    if wording is not None and wording.text.strip():
        return Cell(language, "text", " ".join(ssml.bare(wording.text).split()))
    return Cell(language, "missing" if is_needed else "none")


def _spoken(flows: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = FlowLanguage.objects.filter(flow__in=flows).order_by("flow__name", "position", "pk")
    for flow, language in rows.values_list("flow_id", "language"):
        found.setdefault(flow, []).append(language)
    return found


def _saying(prompt: Prompt | None = None) -> dict[int, set[int]]:
    """Give the flows that say each prompt: in a step, to those who wait, or for a holiday of opening hours they ask."""
    found: dict[int, set[int]] = {}
    only = {} if prompt is None else {"prompt": prompt}
    for use in (StepPrompt, WaitItem):
        pairs = use.objects.filter(prompt__isnull=False, **only).values_list("prompt_id", "step__flow_id")
        for key, flow in pairs.distinct():
            found.setdefault(key, set()).add(flow)
    schedules: dict[int, set[int]] = {}
    for schedule, flow in Step.objects.filter(schedule__isnull=False).values_list("schedule_id", "flow_id").distinct():
        schedules.setdefault(schedule, set()).add(flow)
    for key, schedule in _days(only):
        found.setdefault(key, set()).update(schedules.get(schedule, ()))
    return found


def _days(only: Mapping[str, Prompt]) -> Iterable[tuple[int, int]]:
    for model, schedule in (
        (DatedException, "schedule_id"),
        (YearlyDate, "schedule_id"),
        (PublicHoliday, "year__schedule_id"),
    ):
        rows = model._default_manager.filter(prompt__isnull=False, **only)
        yield from rows.values_list("prompt_id", schedule)
