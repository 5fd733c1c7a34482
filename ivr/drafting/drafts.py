"""From a draft's rows to the document that is published."""

from typing import Any

from django.db.models import Prefetch

from ivr.document import FORMAT
from ivr.drafting.references import REFERENCES
from ivr.kinds import KINDS
from ivr.models import Exit, Flow, Prompt, Step, StepPrompt, WaitItem, Wording


def compile_draft(flow: Flow) -> dict[str, Any]:
    """Freeze the draft of `flow` as a document (`ivr.document` reads it). Nothing is checked here.

    Steps, prompts and what they refer to go by their database keys as strings, so that a step keeps its name in the
    history of calls from version to version.
    """
    steps = list(
        Step.objects.filter(flow=flow)
        .order_by("pk")
        .prefetch_related(
            Prefetch("exits", Exit.objects.order_by("position", "pk")),
            Prefetch("prompts", StepPrompt.objects.order_by("role")),
            Prefetch("wait_items", WaitItem.objects.order_by("position", "pk")),
        )
    )
    used = {use.prompt_id for step in steps for use in step.prompts.all()}
    used |= {item.prompt_id for step in steps for item in step.wait_items.all() if item.prompt_id}
    return {
        "format": FORMAT,
        "flow": {"id": flow.pk, "name": flow.name},
        "languages": [[row.language, row.voice] for row in flow.languages.order_by("position", "pk")],
        "first": str(flow.first_id) if flow.first_id else "",
        "prompts": {str(prompt.pk): _prompt(prompt) for prompt in _prompts(used)},
        "steps": {str(step.pk): _step(step) for step in steps},
    }


def _prompts(keys: set[int]) -> list[Prompt]:
    wordings = Wording.objects.order_by("language").select_related("audio")
    return list(Prompt.objects.filter(pk__in=keys).order_by("pk").prefetch_related(Prefetch("wordings", wordings)))


def _prompt(prompt: Prompt) -> dict[str, Any]:
    return {
        "name": prompt.name,
        "wordings": {
            row.language: {"text": row.text, "voice": row.voice, "audio": row.audio.sha256 if row.audio else ""}
            for row in prompt.wordings.all()
        },
    }


def _step(step: Step) -> dict[str, Any]:
    exits = list(step.exits.all())
    frozen: dict[str, Any] = {
        "kind": step.kind,
        "name": step.name,
        "settings": step.settings,
        "prompts": {use.role: str(use.prompt_id) for use in step.prompts.all()},
        "exits": {row.name: str(row.target_id) for row in exits if row.target_id},
        "options": [_option(row) for row in exits if row.is_option],
    }
    if KINDS[step.kind].HAS_WAIT:
        frozen["wait"] = [_wait_item(row) for row in step.wait_items.all()]
    references = {name: getattr(step, f"{name}_id") for name in REFERENCES}
    return frozen | {name: str(key) for name, key in references.items() if key}


def _wait_item(row: WaitItem) -> dict[str, Any]:
    return {"kind": row.kind, "prompt": str(row.prompt_id or ""), "seconds": row.seconds}


def _option(row: Exit) -> dict[str, Any]:
    return {"exit": row.name, "keys": row.keys, "words": row.words.splitlines(), "language": row.language}
