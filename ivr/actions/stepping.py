"""Steps of a draft are added, connected, copied and deleted, each as one edit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from agents.models import User
from ivr.actions.editing import Moved, edit
from ivr.drafting.snapshots import PARTS
from ivr.kinds import KINDS
from ivr.models import Exit, Step

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Way:
    """An exit of a step, by the step's key and the exit's name."""

    step: int
    exit: str


def add_step(flow: int, kind: str, *, after: Way | None, by: User | None, at: datetime, name: str = "") -> Step:
    """Add a step of a kind to a draft. The first one is where calls begin.

    With `after` that exit leads to it; where the exit led before, the new step goes on to, by its first way out.
    Raises Moved when the exit's step is gone.
    """
    with edit(flow, by=by, at=at) as editing:
        step = Step.objects.create(flow=editing.flow, kind=kind, name=_free_name(flow, name or str(KINDS[kind].LABEL)))
        editing.words = _("Added “%(step)s”") % {"step": step.name}
        if after is not None:
            origin = _step(flow, after.step)
            before = Exit.objects.filter(step=origin, name=after.exit).first()
            if before and before.target_id and KINDS[kind].EXITS:
                way_on = KINDS[kind].EXITS[0].name
                Exit.objects.create(step=step, name=way_on, target_id=before.target_id)
            _lead(origin, after.exit, step)
            words = _("Added “%(step)s” after “%(exit)s” of “%(origin)s”")
            editing.words = words % {"step": step.name, "exit": label(origin, after.exit), "origin": origin.name}
        if editing.flow.first_id is None:
            editing.flow.first = step
            editing.flow.save(update_fields=["first"])
    return step


def connect(flow: int, way: Way, to: int | None, *, by: User | None, at: datetime) -> str:
    """Let an exit lead to a step, or nowhere yet. Return what was done, in words. Raises Moved when a step is gone."""
    with edit(flow, by=by, at=at) as editing:
        origin = _step(flow, way.step)
        target = _step(flow, to) if to else None
        _lead(origin, way.exit, target)
        named = {"exit": label(origin, way.exit), "origin": origin.name, "step": target.name if target else ""}
        words = (
            _("“%(exit)s” of “%(origin)s” leads to “%(step)s”")
            if target
            else _("“%(exit)s” of “%(origin)s” leads nowhere yet")
        )
        editing.words = words % named
    return editing.words


def delete_step(flow: int, step: int, *, by: User | None, at: datetime) -> str:
    """Delete a step; exits that led to it lead nowhere then. Return what was done. Raises Moved when it is gone."""
    with edit(flow, by=by, at=at) as editing:
        found = _step(flow, step)
        editing.words = _("Deleted “%(step)s”") % {"step": found.name}
        entrances = Exit.objects.filter(target=found)
        entrances.filter(is_option=True).update(target=None)
        entrances.filter(is_option=False).delete()
        if editing.flow.first_id == found.pk:
            editing.flow.first = None
            editing.flow.save(update_fields=["first"])
        found.delete()
    return editing.words


def duplicate_step(flow: int, step: int, *, by: User | None, at: datetime) -> Step:
    """Make a step like another, with all that belongs to it. Nothing leads to it yet. Raises Moved."""
    with edit(flow, by=by, at=at) as editing:
        found = _step(flow, step)
        original = found.name
        parts = {model: list(model._default_manager.filter(step=found).order_by("pk")) for model in PARTS.values()}
        found.pk, found.name = None, _free_name(flow, original)
        found._state.adding = True
        found.save(force_insert=True)
        for model, rows in parts.items():
            for row in rows:
                row.pk, row.step = None, found  # type: ignore[attr-defined]  # every part has its step
                row._state.adding = True
            model._default_manager.bulk_create(rows)
        editing.words = _("Copied “%(step)s” as “%(copy)s”") % {"step": original, "copy": found.name}
    return found


def set_first(flow: int, step: int, *, by: User | None, at: datetime) -> str:
    """Let calls begin in a step. Return what was done. Raises Moved when it is gone."""
    with edit(flow, by=by, at=at) as editing:
        found = _step(flow, step)
        editing.flow.first = found
        editing.flow.save(update_fields=["first"])
        editing.words = _("Calls begin in “%(step)s”") % {"step": found.name}
    return editing.words


def label(step: Step, exit: str) -> str:  # noqa: A002 (the word of this domain)
    """Give an exit's name for people."""
    return next((row.label for row in KINDS[step.kind].EXITS if row.name == exit), exit)


def _step(flow: int, step: int) -> Step:
    found = Step.objects.filter(flow=flow, pk=step).first()
    if found is None:
        raise Moved(_("This step is not there any more."))
    return found


def _lead(origin: Step, exit: str, target: Step | None) -> None:  # noqa: A002 (the word of this domain)
    row = Exit.objects.filter(step=origin, name=exit).first()
    fixed = [one.name for one in KINDS[origin.kind].EXITS]
    if row is None and exit not in fixed:
        raise Moved(_("This way out is not there any more."))
    if row is not None and row.is_option:
        row.target = target
        row.save(update_fields=["target"])
    elif target is None:
        Exit.objects.filter(step=origin, name=exit).delete()
    else:
        fresh = {"target": target, "position": fixed.index(exit) if exit in fixed else 0}
        Exit.objects.update_or_create(step=origin, name=exit, defaults=fresh)


def _free_name(flow: int, wanted: str) -> str:
    """Give a name that no step of the flow has: "Menu", else "Menu 2" and so on."""
    taken = set(Step.objects.filter(flow=flow).values_list("name", flat=True))
    stem = wanted[: LONGEST_NAME - 5].rstrip("0123456789 ") or wanted[: LONGEST_NAME - 5]
    return next(name for name in _numbered(wanted[:LONGEST_NAME], stem, len(taken)) if name not in taken)


def _numbered(wanted: str, stem: str, most: int) -> Iterable[str]:
    yield wanted
    yield from (f"{stem} {number}" for number in range(2, most + 3))
