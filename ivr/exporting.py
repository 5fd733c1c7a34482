"""Reads the names that a flow's file has in place of keys."""

from collections.abc import Mapping
from typing import Any

from ivr import portable
from ivr.drafts import compile_draft
from ivr.models import Audio, Flow, Version
from ivr.references import REFERENCES


def draft(flow: Flow) -> dict[str, Any]:
    """Give the draft of a flow as a file (`ivr.portable`)."""
    return _file(compile_draft(flow), flow.description)


def version(found: Version) -> dict[str, Any]:
    """Give a published version as a file; what it referred to and is gone is left out."""
    return _file(found.document, found.flow.description)


def _file(document: Mapping[str, Any], description: str) -> dict[str, Any]:
    names: dict[tuple[str, str], str] = {}
    for takes, (model, _gone) in REFERENCES.items():
        keys = {step[takes] for step in document["steps"].values() if step.get(takes)}
        if keys:
            names |= {(takes, str(row.pk)): str(row) for row in model._default_manager.filter(pk__in=keys)}
    hashes = {
        wording.get("audio", "") for prompt in document["prompts"].values() for wording in prompt["wordings"].values()
    } - {""}
    sounds = dict(Audio.objects.filter(sha256__in=hashes).values_list("sha256", "name")) if hashes else {}
    return portable.written(document, description=description, names=names, sounds=sounds)
