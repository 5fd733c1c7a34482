"""Reads who notices a new version: the numbers that lead to a flow, and the callers who are in it now."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Func, JSONField, Value

from ivr import documents
from ivr.kinds.settings import Broken
from ivr.models import Flow, Line, Visit


@dataclass(frozen=True, slots=True)
class Leading:
    """A line whose callers come to the flow, and the flows that they come through."""

    line: Line
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inside:
    """Callers who stand in a step now, and the number of the version that they keep."""

    step: str
    version: int
    callers: int


@dataclass(frozen=True, slots=True)
class Impact:
    lines: tuple[Leading, ...]
    inside: tuple[Inside, ...]

    @property
    def callers(self) -> int:
        return sum(row.callers for row in self.inside)


def impact(flow: Flow) -> Impact:
    """Tell who notices: three queries, and one for each version that somebody is in and nobody has read yet."""
    return Impact(tuple(_lines(flow)), tuple(_inside(flow)))


def _lines(flow: Flow) -> Iterable[Leading]:
    """Follow what callers meet now backwards, from flow to flow."""
    leads = Func(
        "published__document",
        Value("$.steps.*.to_flow"),
        function="jsonb_path_query_array",
        template="%(function)s(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    rows = Flow.objects.filter(published__isnull=False).order_by("name").values_list("pk", "name", leads)
    entrances: dict[int, list[tuple[int, str]]] = {}
    for key, name, targets in rows:
        for target in targets:
            entrances.setdefault(int(target), []).append((key, name))
    through: dict[int, tuple[str, ...]] = {flow.pk: ()}
    waiting = [flow.pk]
    for here in waiting:  # grows while it is walked: the shortest way comes first
        for key, name in entrances.get(here, ()):
            if key not in through:
                through[key] = (name, *through[here])
                waiting.append(key)
    for line in Line.objects.filter(flow__in=through).order_by("name"):
        yield Leading(line, through[line.flow_id or 0])


def _inside(flow: Flow) -> Iterable[Inside]:
    rows = (
        Visit.objects.filter(version__flow=flow, ended_at__isnull=True)
        .values_list("version_id", "version__number", "position__step")
        .annotate(callers=Count("pk"))
        .order_by("-callers", "version__number", "position__step")
    )
    for version, number, step, callers in rows:
        yield Inside(_name(version, step or ""), number, callers)


def _name(version: int, step: str) -> str:
    try:
        found = documents.frozen(version).steps.get(step)
    except Broken:
        found = None
    return found.name if found else ""
