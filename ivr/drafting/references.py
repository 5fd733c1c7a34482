"""What a document names by key alone, and whether it is still there: an old version has no foreign keys."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Model

from conferences.models import Room
from ivr.document import Document
from ivr.drafting.difference import Names
from ivr.kinds.base import Problem
from ivr.models import Audio, Flow, Schedule, Source
from queues.models import Queue
from recordings.models import Mailbox

REFERENCES: dict[str, tuple[type[Model], str]] = {
    "schedule": (Schedule, "opening hours that were deleted"),
    "mailbox": (Mailbox, "a mailbox that was deleted"),
    "to_flow": (Flow, "a flow that was deleted"),
    "queue": (Queue, "a queue that was deleted"),
    "room": (Room, "a conference room that was deleted"),
    "source": (Source, "a source that was deleted"),
}


def gone(document: Document) -> Iterator[Problem]:
    """Find what callers would need and nobody has any more."""
    for takes, (model, words) in REFERENCES.items():
        wanted = {step.id: step.reference for step in document.steps.values() if takes == step.TAKES and step.reference}
        keys = {key for key in wanted.values() if key.isdecimal()}
        rows = model._default_manager.filter(pk__in=keys) if keys else ()
        present = {str(row.pk) for row in rows}
        for step, key in wanted.items():
            if key not in present:
                yield Problem("gone", "error", step, f"Step “{document.steps[step].name}” needs {words}.")
    yield from _gone_sounds(document)


def names(*documents: Mapping[str, Any]) -> Names:
    """Give the names of what documents' JSON know by key alone: one query for each kind of thing, one for sounds."""
    steps = [step for document in documents for step in document["steps"].values()]
    things: dict[tuple[str, str], str] = {}
    for takes, (model, _gone) in REFERENCES.items():
        keys = {step[takes] for step in steps if str(step.get(takes, "")).isdecimal()}
        if keys:
            things |= {(takes, str(row.pk)): str(row) for row in model._default_manager.filter(pk__in=keys)}
    hashes = {
        wording.get("audio", "")
        for document in documents
        for prompt in document["prompts"].values()
        for wording in prompt["wordings"].values()
    } - {""}
    sounds = dict(Audio.objects.filter(sha256__in=hashes).values_list("sha256", "name")) if hashes else {}
    return Names(things, sounds)


def _gone_sounds(document: Document) -> Iterator[Problem]:
    sounds = {
        wording.audio: prompt.name
        for prompt in document.script.prompts.values()
        for wording in prompt.wordings.values()
        if wording.audio
    }
    present = set(Audio.objects.filter(sha256__in=sounds).values_list("sha256", flat=True)) if sounds else set()
    for sound, name in sounds.items():
        if sound not in present:
            yield Problem("gone", "error", "", f"Prompt “{name}” plays a sound that was deleted.")
