"""Who uses what: what would break if this prompt, sound, queue, mailbox, flow, step, number and so on went away."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import BooleanField, Func, Model, Value
from django.urls import reverse

from compliance.models import Policy
from conferences.models import Room
from ivr.drafting.references import REFERENCES
from ivr.models import (
    Audio,
    DatedException,
    Exit,
    Flow,
    Line,
    Prompt,
    PublicHoliday,
    Schedule,
    Source,
    Step,
    StepPrompt,
    WaitItem,
    Wording,
    YearlyDate,
)
from queues.models import Queue
from recordings.models import Mailbox
from telephony.models import PhoneNumber


@dataclass(frozen=True, slots=True)
class Use:
    """A place that uses something, in words, and the page where it can be changed."""

    text: str
    url: str


def uses(thing: Model) -> list[Use]:
    """Give the places that use `thing`; none for what cannot be used."""
    found = [*_uses(thing), *published_uses(thing)]
    return list(dict.fromkeys(found))  # a step that plays a prompt in two roles is one place


def published_uses(thing: Model) -> list[Use]:
    """Give the versions that callers meet now and that need `thing`, whatever the drafts have become since."""
    match thing:
        case Audio():
            path = f'$.prompts.*.wordings.*.audio ? (@ == "{thing.sha256}")'
        case _:
            takes = next((name for name, (model, _) in REFERENCES.items() if isinstance(thing, model)), "")
            if not takes:
                return []
            path = f'$.steps.*.{takes} ? (@ == "{thing.pk}")'
    flows = Flow.objects.filter(_PathExists("published__document", Value(path))).order_by("name")
    return [
        Use(
            f"version {number} of flow {name}, which callers meet now",
            reverse("admin:ivr_flow_version", args=[pk, number]),
        )
        for pk, name, number in flows.values_list("pk", "name", "published__number")
    ]


class _PathExists(Func):
    function = "jsonb_path_exists"
    template = "%(function)s(%(expressions)s::jsonpath)"
    output_field = BooleanField()


def _uses(thing: Model) -> Iterator[Use]:
    match thing:
        case Prompt():
            for use in (StepPrompt, WaitItem):
                said = use.objects.filter(prompt=thing).select_related("step__flow")
                yield from _steps(row.step for row in said)
            yield from _days(thing)
        case Audio():
            for wording in Wording.objects.filter(audio=thing).select_related("prompt"):
                yield Use(f"prompt {wording.prompt} ({wording.language})", _page(wording.prompt))
        case Schedule() | Mailbox() | Room() | Source():
            yield from _steps(thing.steps.select_related("flow"))
        case Queue():
            yield from _steps(thing.steps.select_related("flow"))
            yield from _policies(Policy.objects.filter(queue=thing))
        case Flow():
            yield from _policies(Policy.objects.filter(flow=thing))
            for line in Line.objects.filter(flow=thing):
                yield Use(f"line {line}", _page(line))
            yield from _steps(Step.objects.filter(to_flow=thing).exclude(flow=thing).select_related("flow"))
        case Step():
            for flow in Flow.objects.filter(first=thing):
                yield Use(f"flow {flow}, which begins here", _page(flow))
            entrances = Exit.objects.filter(target=thing).exclude(step=thing).select_related("step__flow")
            yield from _steps(row.step for row in entrances)
        case PhoneNumber():
            for line in Line.objects.filter(address=thing.number):
                yield Use(f"line {line}", _page(line))
            yield from _steps(Step.objects.filter(settings__caller_id=thing.number).select_related("flow"))


def _days(prompt: Prompt) -> Iterator[Use]:
    for model in (DatedException, YearlyDate):
        for row in model._default_manager.filter(prompt=prompt).select_related("schedule"):
            yield Use(f"{row}, in the opening hours {row.schedule}", _page(row.schedule))
    for holiday in PublicHoliday.objects.filter(prompt=prompt).select_related("year__schedule"):
        yield Use(f"{holiday}, in the opening hours {holiday.year.schedule}", _page(holiday.year.schedule))


def _steps(steps: Iterable[Step]) -> Iterator[Use]:
    for step in steps:
        yield Use(str(step), _page(step))


def _policies(policies: Iterable[Policy]) -> Iterator[Use]:
    for policy in policies:
        yield Use(f"policy {policy}, which says what is recorded", _page(policy))


def _page(row: Model) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
