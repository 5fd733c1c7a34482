"""A draft's rows as plain data, to compare two moments of it and to bring rows back with the keys that they had."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from ivr.models import Exit, Flow, FlowLanguage, Step, StepPrompt, WaitItem

#: what belongs to a step, by the name under which a snapshot has it
PARTS: Mapping[str, type[Model]] = {"exits": Exit, "prompts": StepPrompt, "wait_items": WaitItem}
FLOW_FIELDS = ("name", "description", "first_id")

Snapshot = dict[str, Any]  # "flow", "languages", and "steps" by key, each with its own row and those of its parts
Changes = dict[str, Any]  # the same, each as [before, after]; what stayed as it was is left out


def read(flow: int, *, step: int = 0) -> Snapshot:
    """Read the draft of a flow, in a query for each of its tables; of its steps only one, where `step` names it."""
    wanted = Step.objects.filter(flow=flow, **({"pk": step} if step else {}))
    steps: dict[str, dict[str, Any]] = {
        str(row["id"]): {"row": row, **{name: [] for name in PARTS}} for row in wanted.order_by("pk").values()
    }
    of_them = {"step": step, "step__flow": flow} if step else {"step__flow": flow}
    for name, model in PARTS.items():
        for row in model._default_manager.filter(**of_them).order_by("pk").values():
            steps[str(row["step_id"])][name].append(row)
    return {
        "flow": Flow.objects.values(*FLOW_FIELDS).get(pk=flow),
        "languages": list(FlowLanguage.objects.filter(flow=flow).order_by("pk").values()),
        "steps": steps,
    }


def difference(before: Snapshot, after: Snapshot) -> Changes:
    """Give what differs; empty where nothing does."""
    found: Changes = {
        name: [before[name], after[name]] for name in ("flow", "languages") if before[name] != after[name]
    }
    old, new = before["steps"], after["steps"]
    steps = {key: [old.get(key), new.get(key)] for key in {**old, **new} if old.get(key) != new.get(key)}
    return found | ({"steps": steps} if steps else {})


def is_still(snapshot: Snapshot, changes: Changes, *, side: int) -> bool:
    """Whether a draft stands as changes left it (`side` 1), or as it was before them (0)."""
    whole = all(same(snapshot[name], changes[name][side]) for name in ("flow", "languages") if name in changes)
    steps = changes.get("steps", {})
    return whole and all(same(snapshot["steps"].get(key), pair[side]) for key, pair in steps.items())


def revision(part: Any) -> str:
    """Give what changes whenever a step, or whatever else of a snapshot, does."""
    return sha256(_text(part).encode()).hexdigest()[:16]


def of_step(snapshot: Snapshot, step: int) -> str:
    """Give the revision of a step; of no step that of the flow itself, with its languages."""
    if not step:
        return revision([snapshot["flow"], snapshot["languages"]])
    return revision(snapshot["steps"].get(str(step)))


def same(one: Any, other: Any) -> bool:
    """Whether two parts are the same, once they have been kept as JSON."""
    return _text(one) == _text(other)


def referred(parts: Iterable[Mapping[str, Any] | None], column: str) -> set[int]:
    """Give the keys that steps name in a column of their own rows."""
    return {part["row"][column] for part in parts if part and part["row"].get(column)}


def _text(part: Any) -> str:
    return json.dumps(part, sort_keys=True, cls=DjangoJSONEncoder)
