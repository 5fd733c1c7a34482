"""Every change of a draft is noted with what was before it; the last ones can be undone, and done again."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import User
from ivr.drafting import raw, snapshots
from ivr.drafting.references import REFERENCES
from ivr.drafting.snapshots import PARTS, Changes, Snapshot
from ivr.models import Edit, Flow, FlowLanguage, Prompt, Step
from live.publish import publish

KEPT = 100  # edits of a flow that can be undone
LONGEST = 300

logger = logging.getLogger(__name__)


class Moved(Exception):
    """The draft is not any more as it was seen. The message is a sentence."""


class Refused(Exception):
    """This is not for whoever makes the change. The message is a sentence."""


@dataclass(slots=True)
class Editing:
    """A change under way: whoever makes it says in `words` what it is. `before` is the draft as it was."""

    flow: Flow
    before: Snapshot
    words: str = ""
    changes: Changes = field(default_factory=dict)


@contextmanager
def edit(flow: int, *, by: User | None, at: datetime, words: str = "", step: int = 0) -> Iterator[Editing]:
    """Lock a flow's draft while it is changed, and note what has become of it, if anything has.

    All that changes a draft goes through here, one after the other. With `step` nothing but that step is changed, and
    only that is looked at. Whatever is raised within leaves the draft as it was. Raises Flow.DoesNotExist, and Refused
    for raw TwiML of who may not write it.
    """
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow)
        editing = Editing(locked, snapshots.read(flow, step=step), words)
        yield editing
        editing.changes = snapshots.difference(editing.before, snapshots.read(flow, step=step))
        if editing.changes:
            if _writes_raw(editing.changes) and not raw.may_write(by):
                raise Refused(raw.REFUSED)
            _note(editing, by=by, at=at)


def _writes_raw(changes: Changes) -> bool:
    def text(part: dict[str, Any] | None) -> Any:
        return part["row"]["settings"] if part and part["row"]["kind"] in raw.RAW else None

    return any(text(new) not in (None, text(old)) for old, new in changes.get("steps", {}).values())


def _note(editing: Editing, *, by: User | None, at: datetime) -> None:
    edits = Edit.objects.filter(flow=editing.flow)
    edits.filter(undone_at__isnull=False).delete()
    words = (editing.words or _("Changed the flow"))[:LONGEST]
    Edit.objects.create(flow=editing.flow, at=at, by=by, words=words, changes=editing.changes)
    old = edits.order_by("-pk").values_list("pk", flat=True)[KEPT : KEPT + 1]
    edits.filter(pk__lte=max(old, default=0)).delete()
    tell(editing.flow.pk)


def tell(flow: int) -> None:
    """Tell open pages that something of a draft, or who is in it, has changed."""
    publish(f"flow:{flow}")


def undo(flow: int, edit: int, *, by: User | None, at: datetime) -> tuple[str, ...]:
    """Take back the last change, which must be `edit`. Return what could not be brought back, in sentences.

    Raises Moved when another one is the last by now, or when the draft was changed by other ways since, and Refused
    where that would write raw TwiML for who may not.
    """
    return _turn(flow, edit, 0, by=by, at=at)


def redo(flow: int, edit: int, *, by: User | None, at: datetime) -> tuple[str, ...]:
    """Do again what was undone last, which must be `edit`. Return and raise as `undo` does."""
    return _turn(flow, edit, 1, by=by, at=at)


def _turn(flow: int, edit: int, side: int, *, by: User | None, at: datetime) -> tuple[str, ...]:
    with transaction.atomic():
        locked = Flow.objects.select_for_update().get(pk=flow)
        turned = next_to_redo(locked) if side else next_to_undo(locked)
        if turned is None or turned.pk != edit:
            raise Moved(_("Somebody has changed the flow meanwhile. Look at it, then try again."))
        if not snapshots.is_still(snapshots.read(flow), turned.changes, side=1 - side):
            raise Moved(_("This was changed since on another page, so it cannot be brought back as it was."))
        towards = {key: (pair[1 - side], pair[side]) for key, pair in turned.changes.get("steps", {}).items()}
        if _writes_raw({"steps": towards}) and not raw.may_write(by):
            raise Refused(raw.REFUSED)
        lost = _bring_back(locked, turned.changes, side)
        turned.undone_at = None if side else at
        turned.save(update_fields=["undone_at"])
        logger.info("Edit %s of flow %s is %s by user %s", edit, flow, "done again" if side else "undone", by and by.pk)
        tell(flow)
        return lost


def next_to_undo(flow: Flow) -> Edit | None:
    return Edit.objects.filter(flow=flow, undone_at__isnull=True).order_by("-pk").select_related("by").first()


def next_to_redo(flow: Flow) -> Edit | None:
    return Edit.objects.filter(flow=flow, undone_at__isnull=False).order_by("pk").select_related("by").first()


def _bring_back(flow: Flow, changes: Changes, side: int) -> tuple[str, ...]:
    """Make rows as one side of the changes has them, with their keys. What they refer to may be gone by now."""
    wanted = {key: pair[side] for key, pair in changes.get("steps", {}).items()}
    lost = _without_what_is_gone(wanted)
    for part in PARTS.values():
        part._default_manager.filter(step__in=list(wanted)).delete()
    gone = [key for key, step in wanted.items() if step is None]
    if str(flow.first_id) in gone:
        flow.first = None
        flow.save(update_fields=["first"])
    there = {str(key) for key in Step.objects.filter(pk__in=list(wanted)).values_list("pk", flat=True)}
    Step.objects.filter(pk__in=gone).delete()
    present = {key: step for key, step in wanted.items() if step is not None}
    fields = [column.name for column in Step._meta.concrete_fields if not column.primary_key and column.name != "flow"]
    Step.objects.bulk_update([Step(**step["row"]) for key, step in present.items() if key in there], fields)
    Step.objects.bulk_create(Step(**step["row"]) for key, step in present.items() if key not in there)
    for name, part in PARTS.items():
        part._default_manager.bulk_create(part(**row) for step in present.values() for row in step[name])
    if "languages" in changes:
        FlowLanguage.objects.filter(flow=flow).delete()
        FlowLanguage.objects.bulk_create(FlowLanguage(**row) for row in changes["languages"][side])
    if "flow" in changes:
        for name, value in changes["flow"][side].items():
            setattr(flow, name, value)
        flow.save(update_fields=["name", "description", "first"])
    return lost


def _without_what_is_gone(wanted: Mapping[str, dict[str, Any] | None]) -> tuple[str, ...]:
    """Leave out of steps what they referred to and nobody has any more, and say so."""
    present = [step for step in wanted.values() if step is not None]
    lost: list[str] = []
    for takes, (model, words) in REFERENCES.items():
        column = f"{takes}_id"
        keys = snapshots.referred(present, column)
        kept = set(model._default_manager.filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
        for step in present:
            if step["row"][column] and step["row"][column] not in kept:
                step["row"][column] = None
                lost.append(_("Step “%(step)s” needs %(what)s.") % {"step": step["row"]["name"], "what": words})
    said = {row["prompt_id"] for step in present for part in ("prompts", "wait_items") for row in step[part]} - {None}
    there = {None, *Prompt.objects.filter(pk__in=said).values_list("pk", flat=True)} if said else {None}
    for step in present:
        for part in ("prompts", "wait_items"):
            kept_rows = [row for row in step[part] if row["prompt_id"] in there]
            if len(kept_rows) < len(step[part]):
                step[part] = kept_rows
                lost.append(_("Step “%(step)s” said a prompt that was deleted.") % {"step": step["row"]["name"]})
    return tuple(lost)
