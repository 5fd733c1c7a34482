"""What a policy of recording lacks, seen from the lines and flows whose calls it is about."""

from collections.abc import Iterator

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from compliance.models import Policy
from compliance.policies import closest
from compliance.reading import DEFAULT_LANGUAGE, notices_of
from compliance.states import Direction, Mode
from ivr import lines
from ivr.apology import EVERYTHING_ELSE
from ivr.models import Flow, FlowLanguage, Line
from telephony import numbers
from telephony.languages import LANGUAGES


def addresses() -> list[tuple[str, str]]:
    """Give the addresses of our lines with their names, to choose from."""
    rows = Line.objects.exclude(address=EVERYTHING_ELSE).order_by("name")
    return [(line.address, line.name) for line in rows]


def gaps(policy: Policy) -> Iterator[str]:
    """Say what is missing: a line for the number, and texts in the languages that callers speak with us."""
    if policy.number and policy.direction != Direction.OUTBOUND:
        answers = Q(address=lines.address(policy.number)) | Q(address=EVERYTHING_ELSE, flow__isnull=False)
        if not Line.objects.filter(answers).exists():
            yield _("No line answers %(number)s, so no call comes in under this policy.") % {
                "number": numbers.show(policy.number)
            }
    if policy.consent != Mode.NONE:
        yield from _unspoken(policy)


def _unspoken(policy: Policy) -> Iterator[str]:
    texts = [notice.language for notice in notices_of([policy])[policy.pk]] or [DEFAULT_LANGUAGE]
    spoken = FlowLanguage.objects.filter(flow__in=_flows(policy)).select_related("flow")
    by_language: dict[str, list[str]] = {}
    for row in spoken.order_by("language", "flow__name"):
        by_language.setdefault(row.language, []).append(row.flow.name)
    for language, flows in by_language.items():
        heard = texts[closest(texts, language)]
        if heard.partition("-")[0] != language.partition("-")[0]:
            yield _("No text in %(language)s, which %(flows)s speaks: those callers hear the one in %(heard)s.") % {
                "language": LANGUAGES.get(language, language),
                "flows": ", ".join(flows),
                "heard": LANGUAGES.get(heard, heard),
            }


def _flows(policy: Policy) -> QuerySet[Flow]:
    """Give the published flows whose callers may come under the policy."""
    found = Flow.objects.filter(published__isnull=False)
    if policy.flow_id is not None:
        return found.filter(pk=policy.flow_id)
    if policy.queue_id is not None:
        return found.filter(steps__queue=policy.queue_id)
    if policy.number:
        return found.filter(lines__address__in=[lines.address(policy.number), EVERYTHING_ELSE])
    return found
