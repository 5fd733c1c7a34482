"""A flow's file becomes its draft: all of it, or nothing. What callers meet changes only when somebody publishes."""

import logging
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from agents.models import User
from ivr.actions import sounds
from ivr.actions.editing import edit
from ivr.actions.publishing import HasErrors, NeedsApproval, ScenariosFail, check, publish
from ivr.document import Document, parse
from ivr.drafting import raw
from ivr.drafting.difference import Change, difference
from ivr.drafting.drafts import compile_draft
from ivr.drafting.references import REFERENCES, names
from ivr.files import exporting, portable
from ivr.files.portable import Fault, File
from ivr.kinds import KINDS
from ivr.kinds.base import Problem
from ivr.kinds.settings import Broken
from ivr.models import (
    Audio,
    Exit,
    Flow,
    FlowLanguage,
    Prompt,
    Step,
    StepPrompt,
    WaitItem,
    Wording,
)
from ivr.prompts.audio import Sound

logger = logging.getLogger(__name__)

WORDS = {
    "schedule": "No opening hours are",
    "mailbox": "No mailbox is",
    "to_flow": "No flow is",
    "queue": "No queue is",
    "room": "No conference room is",
    "source": "No source to ask is",
}


class NotImportable(Exception):
    """Something that the file names is not here, or its name is taken."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.text for fault in faults))
        self.faults = faults


class Unpublishable(Exception):
    """What was read from files cannot be published. `why` goes by the names of the files."""

    def __init__(self, why: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {text}" for name, text in why.items()))
        self.why = why


class HasChanged(Exception):
    """The draft is not any more as it was read."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file makes of a draft. `problems` would stop it from being published, or warn; they do not stop the draft.

    `shared` are prompts whose words change, and which other flows say as well.
    """

    flow: Flow
    document: dict[str, Any]
    is_new: bool
    changes: tuple[Change, ...]
    shared: tuple[str, ...]
    problems: tuple[Problem, ...]


def import_draft(
    file: File,
    *,
    into: Flow | None,
    by: User | None,
    unless_changed: Collection[str] = (),
    dry_run: bool = False,
    brings: Mapping[str, Sound] | None = None,
    at: datetime,
) -> Imported:
    """Make a file the draft of a flow: of this one, or without of the one that has its name, which is made if need be.

    Steps that go on under their name stay the same in the history of calls. A prompt has exactly the file's wordings
    afterwards, for all flows that say it. `unless_changed`: fingerprints of the draft as it was read
    (`portable.fingerprint`), of which one must still be right. `brings` are sounds that come with the file, by their
    hashes. With `dry_run` nothing is kept. Raises NotImportable and HasChanged.
    """
    with transaction.atomic():
        flow = _flow(file, into)
        is_new = flow.pk is None
        if unless_changed and (is_new or portable.fingerprint(exporting.draft(flow)) not in unless_changed):
            raise HasChanged
        if is_new:
            flow.name, flow.description = file.name, file.description
            flow.save(force_insert=True)
        with _noted(flow, is_new=is_new, by=by, at=at):
            found = _take_in(file, flow, is_new=is_new, by=by, brings=brings or {}, dry_run=dry_run, at=at)
        if dry_run:
            transaction.set_rollback(True)
        else:
            _note(flow, is_new=is_new, by=by, at=at)
        return found


def import_drafts(
    files: Mapping[str, File],
    *,
    by: User | None,
    brings: Mapping[str, Sound] | None = None,
    dry_run: bool = False,
    publish_as: str | None = None,
    at: datetime,
) -> dict[str, Imported]:
    """Make files the drafts of the flows that have their names: all of them or none. They may name each other.

    `files` go by names of their own, which the exceptions tell. With `publish_as`, a note, callers meet those that
    differ from what they meet now. With `dry_run` nothing is kept. Raises NotImportable, whose faults begin with the
    file's name, and Unpublishable.
    """
    with transaction.atomic():
        there = {flow.name: flow for flow in Flow.objects.select_for_update().order_by("pk")}
        fresh = {
            file.name: Flow.objects.create(name=file.name, description=file.description)
            for file in files.values()
            if file.name not in there
        }
        found: dict[str, Imported] = {}
        faults: list[Fault] = []
        for name, file in files.items():
            flow = fresh.get(file.name) or there[file.name]
            try:
                is_new = file.name in fresh
                with _noted(flow, is_new=is_new, by=by, at=at):
                    found[name] = _take_in(
                        file, flow, is_new=is_new, by=by, brings=brings or {}, dry_run=dry_run, at=at
                    )
            except NotImportable as refusal:
                faults += [Fault(f"{name}: {fault.field}", fault.text) for fault in refusal.faults]
            else:
                _note(flow, is_new=file.name in fresh, by=by, at=at)
        if faults:
            raise NotImportable(*faults)
        if publish_as is not None:
            _publish(found, by=by, note=publish_as, at=at)
        if dry_run:
            transaction.set_rollback(True)
        return found


def _publish(imported: Mapping[str, Imported], *, by: User | None, note: str, at: datetime) -> None:
    """Publish what differs from what callers meet. One that leads to another comes after it. Raises Unpublishable."""
    left = {name: row for name, row in imported.items() if _is_news(row)}
    while left:
        refused: dict[str, str] = {}
        for name, row in left.items():
            try:
                publish(row.flow, by=by, note=note, at=at)
            except (HasErrors, ScenariosFail) as refusal:
                refused[name] = str(refusal)
            except NeedsApproval:
                refused[name] = _("A second person has to approve what is published of this flow: propose it.")
        if len(refused) == len(left):
            raise Unpublishable(refused)
        left = {name: row for name, row in left.items() if name in refused}


def _is_news(row: Imported) -> bool:
    published = row.flow.published
    return published is None or published.document != row.document


def _noted(flow: Flow, *, is_new: bool, by: User | None, at: datetime) -> AbstractContextManager[object]:
    """Let a draft that is there already be had back, as after any other edit."""
    return nullcontext() if is_new else edit(flow.pk, by=by, at=at, words=_("Read from a file"))


def _take_in(
    file: File,
    flow: Flow,
    *,
    is_new: bool,
    by: User | None,
    brings: Mapping[str, Sound],
    dry_run: bool,
    at: datetime,
) -> Imported:
    """Give a flow, which is locked, the file's draft."""
    old = None if is_new else compile_draft(flow)
    flow.name, flow.description = file.name, file.description
    things, kept = _things(file, flow), _sounds(file, brings, only_try=dry_run, at=at)
    shared = _save_prompts(file, flow, kept)
    _save_steps(file, flow, things)
    document = compile_draft(flow)
    if not raw.may_write(by) and (named := raw.written(old or {}, document)):
        raise NotImportable(*(Fault(f"steps.{name}.settings.twiml", str(raw.REFUSED)) for name in named))
    after = _parsed(document)
    known = names(document, *(old,) if old else ())
    changes = difference(_parsed(old) if old else None, after, names=known) if after else ()
    return Imported(flow, document, is_new, changes, shared, check(document, at=at))


def _note(flow: Flow, *, is_new: bool, by: User | None, at: datetime) -> None:
    """Write it into the flow's history in the admin, beside what people have changed on its pages."""
    logger.info("The draft of flow %s is read from a file", flow.pk)
    if by is not None:
        LogEntry.objects.create(
            user=by,
            action_time=at,
            content_type=ContentType.objects.get_for_model(Flow),
            object_id=str(flow.pk),
            object_repr=str(flow)[:200],
            action_flag=ADDITION if is_new else CHANGE,
            change_message=_("Read from a file."),
        )


def _parsed(document: dict[str, Any]) -> Document | None:
    try:
        return parse(document)
    except Broken:
        return None


def _flow(file: File, into: Flow | None) -> Flow:
    """Lock the flow that the file is for, or give a new one. Raises NotImportable where its name is another's."""
    rows = Flow.objects.select_for_update()
    flow = rows.get(pk=into.pk) if into is not None else rows.filter(name=file.name).first()
    if flow is None:
        return Flow()
    if Flow.objects.filter(name=file.name).exclude(pk=flow.pk).exists():
        raise NotImportable(Fault("flow.name", f"There is another flow named “{file.name}”."))
    return flow


def _things(file: File, flow: Flow) -> dict[tuple[str, str], Model]:
    """Find what the steps refer to, by the name under which they do and its own. Raises NotImportable."""
    found: dict[tuple[str, str], Model] = {}
    faults: list[Fault] = []
    for takes, (model, _words) in REFERENCES.items():
        wanted = file.references(takes)
        if not wanted:
            continue
        found |= {(takes, str(row)): row for row in model._default_manager.filter(name__in=set(wanted.values()))}
        if takes == "to_flow":
            found[takes, file.name] = flow
        faults += [
            Fault(f"steps.{step}.{takes}", f"{WORDS[takes]} named “{name}” here: make one, or name another.")
            for step, name in wanted.items()
            if (takes, name) not in found
        ]
    if faults:
        raise NotImportable(*faults)
    return found


def _sounds(file: File, brings: Mapping[str, Sound], *, only_try: bool, at: datetime) -> dict[str, Audio]:
    wanted = {sound.sha256: sound for sound in file.sounds}
    for sha256, sound in wanted.items():
        if sha256 in brings:
            sounds.keep(brings[sha256], name=sound.name, at=at, only_try=only_try)
    found = {row.sha256: row for row in Audio.objects.filter(sha256__in=wanted)} if wanted else {}
    faults = [
        Fault(
            f"prompts.{sound.prompt}.{sound.language}.audio",
            f"The sound “{sound.name or sound.sha256[:12]}” is not here: upload it first.",
        )
        for sound in file.sounds
        if sound.sha256 not in found
    ]
    if faults:
        raise NotImportable(*faults)
    return found


def _save_prompts(file: File, flow: Flow, sounds: Mapping[str, Audio]) -> tuple[str, ...]:
    """Give each prompt the file's wordings, and return those that other flows say too and that have changed."""
    wanted = file.raw["prompts"]
    there = {row.name: row for row in Prompt.objects.filter(name__in=wanted).prefetch_related("wordings__audio")}
    changed = {name: there[name] for name in there if _wordings_of(there[name]) != _plain(wanted[name])}
    new = Prompt.objects.bulk_create([Prompt(name=name) for name in wanted if name not in there])
    Wording.objects.filter(prompt__in=changed.values()).delete()
    Wording.objects.bulk_create(
        Wording(
            prompt=prompt,
            language=language,
            text=row.get("text", ""),
            voice=row.get("voice", ""),
            audio=sounds[row["audio"]["sha256"]] if row.get("audio") else None,
        )
        for prompt in (*changed.values(), *new)
        for language, row in wanted[prompt.name].items()
    )
    others = [
        use.objects.filter(prompt__in=changed.values()).exclude(step__flow=flow) for use in (StepPrompt, WaitItem)
    ]
    return tuple(sorted({name for rows in others for name in rows.values_list("prompt__name", flat=True)}))


def _wordings_of(prompt: Prompt) -> dict[str, tuple[str, str, str]]:
    return {row.language: (row.text, row.voice, row.audio.sha256 if row.audio else "") for row in prompt.wordings.all()}


def _plain(wordings: Mapping[str, Any]) -> dict[str, tuple[str, str, str]]:
    return {
        language: (row.get("text", ""), row.get("voice", ""), (row.get("audio") or {}).get("sha256", ""))
        for language, row in wordings.items()
    }


def _save_steps(file: File, flow: Flow, things: Mapping[tuple[str, str], Model]) -> None:
    """Make the file's steps those of the draft. Whoever goes on under the same name keeps their key."""
    rows: Mapping[str, Mapping[str, Any]] = file.raw["steps"]
    there = {step.name: step for step in Step.objects.select_for_update().filter(flow=flow)}
    for part in (Exit, StepPrompt, WaitItem):
        part.objects.filter(step__flow=flow).delete()
    flow.first = None
    flow.save(update_fields=["name", "description", "first"])
    Step.objects.filter(pk__in=[step.pk for name, step in there.items() if name not in rows]).delete()
    kept = [_fill(there[name], rows[name], things) for name in rows if name in there]
    Step.objects.bulk_update(kept, ["kind", "settings", *REFERENCES])
    Step.objects.bulk_create(
        _fill(Step(flow=flow, name=name), rows[name], things) for name in rows if name not in there
    )
    steps = {step.name: step for step in Step.objects.filter(flow=flow)}
    _save_parts(file, steps)
    _save_languages(file, flow)
    flow.first = steps.get(file.document.first)
    flow.save(update_fields=["first"])


def _fill(step: Step, row: Mapping[str, Any], things: Mapping[tuple[str, str], Model]) -> Step:
    step.kind, step.settings = row["kind"], row.get("settings", {})
    for takes in REFERENCES:
        setattr(step, takes, things[takes, row[takes]] if row.get(takes) else None)
    return step


def _save_parts(file: File, steps: Mapping[str, Step]) -> None:
    prompts = {row.name: row for row in Prompt.objects.filter(name__in=file.raw["prompts"])}
    exits: list[Exit] = []
    for name, step in file.document.steps.items():
        options = {option.exit: option for option in step.options}
        exits += [
            Exit(step=steps[name], name=row.name, target=steps[step.exits[row.name]], position=position)
            for position, row in enumerate(KINDS[step.KIND].EXITS)
            if row.name in step.exits
        ]
        exits += [
            Exit(
                step=steps[name],
                name=option.exit,
                target=steps.get(step.exits.get(option.exit, "")),
                position=position,
                is_option=True,
                keys=option.keys,
                words="\n".join(option.words),
                language=option.language,
            )
            for position, option in enumerate(options.values())
        ]
    Exit.objects.bulk_create(exits)
    StepPrompt.objects.bulk_create(
        StepPrompt(step=steps[name], role=role, prompt=prompts[prompt])
        for name, step in file.document.steps.items()
        for role, prompt in step.prompts.items()
    )
    WaitItem.objects.bulk_create(
        WaitItem(
            step=steps[name],
            position=position,
            kind=item.kind,
            prompt=prompts.get(item.prompt),
            seconds=item.seconds,
        )
        for name, step in file.document.steps.items()
        for position, item in enumerate(step.wait_items, start=1)
    )


def _save_languages(file: File, flow: Flow) -> None:
    FlowLanguage.objects.filter(flow=flow).delete()
    FlowLanguage.objects.bulk_create(
        FlowLanguage(flow=flow, language=language, voice=voice, position=position)
        for position, (language, voice) in enumerate(file.document.script.languages.items(), start=1)
    )
