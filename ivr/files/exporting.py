"""Reads the names that a flow's file has in place of keys."""

from collections.abc import Mapping
from typing import Any

from ivr.drafting.drafts import compile_draft
from ivr.drafting.references import names
from ivr.files import portable
from ivr.models import Flow, Release, Version


def draft(flow: Flow) -> dict[str, Any]:
    """Give the draft of a flow as a file (`ivr.files.portable`)."""
    return _file(compile_draft(flow), flow.description)


def version(found: Version) -> dict[str, Any]:
    """Give a published version as a file; what it referred to and is gone is left out."""
    return _file(found.document, found.flow.description)


def release(found: Release) -> dict[str, Any]:
    """Give what was proposed or planned as a file; what it referred to and is gone is left out."""
    return _file(found.document, found.flow.description)


def _file(document: Mapping[str, Any], description: str) -> dict[str, Any]:
    known = names(document)
    return portable.written(document, description=description, names=known.things, sounds=known.sounds)
