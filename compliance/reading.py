"""From rows to what the rules ask: the policies of a call, its ledger, and what a party is still to hear."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from compliance.models import Consent, Notice, Policy, Scope
from compliance.policies import Asking, Entry, Facts, Present, Rule, closest, governing, has_refused, owes, possible
from compliance.states import Mode, Party, Subject

RECORDS_TALKS = (Subject.CONVERSATION, Subject.AGENT)
DEFAULT_TEXTS = {
    Mode.ANNOUNCE: "This call is recorded.",
    Mode.ASK_ONE: "May we record this call? Press 1 for yes, or 2 for no.",
    Mode.ASK_EVERY: "May we record this call? Press 1 for yes, or 2 for no.",
}
DEFAULT_LANGUAGE = "en-US"


class Owed(NamedTuple):
    """A notice that a party is still to hear. `notice` is None where the policy has no text of its own.

    `asks` tells whether it is a question: to colleagues it is only told.
    """

    policy: Policy
    notice: Notice | None
    text: str
    language: str
    asks: bool


def scope_of(call: UUID) -> Scope | None:
    return Scope.objects.filter(pk=call).first()


def facts_of(scope: Scope | None) -> Facts:
    if scope is None:
        return Facts()
    return Facts(scope.number, scope.flow_id, scope.queue_id, scope.direction)


def rule_of(policy: Policy) -> Rule:
    return Rule(
        policy.pk, policy.subject, policy.number, policy.flow_id, policy.queue_id, policy.direction, policy.share
    )


def active(subjects: Collection[str] = RECORDS_TALKS) -> list[Policy]:
    return list(Policy.objects.filter(is_active=True, subject__in=list(subjects)))


def choose(
    policies: Sequence[Policy], call: UUID | None, facts: Facts, subjects: Collection[str] = RECORDS_TALKS
) -> list[Policy]:
    """Give of these the ones that govern a call, at most one for each subject; for None all that may."""
    found = {policy.pk: policy for policy in policies}
    rules = [rule_of(policy) for policy in policies]
    counting = (governing(rules, subject, facts, call=call) for subject in subjects)
    return [found[rule.id] for rule in counting if rule is not None]


def possible_policies(known: Facts, *, with_queues: bool = True) -> list[Policy]:
    """Give the active policies that may govern calls of which only this is known, by subject, the strongest first.

    Without queues: those that count where a call is in none.
    """
    found = {policy.pk: policy for policy in Policy.objects.filter(is_active=True).select_related("flow", "queue")}
    rules = [rule_of(policy) for policy in found.values() if with_queues or policy.queue_id is None]
    return [found[rule.id] for subject in Subject for rule in possible(rules, subject, known)]


def governing_policies(call: UUID, subjects: Collection[str] = RECORDS_TALKS) -> list[Policy]:
    """Give the policies that govern a customer's call as it stands; one query where there are no policies."""
    found = active(subjects)
    return choose(found, call, facts_of(scope_of(call)), subjects) if found else []


def ledger(call: UUID) -> list[Entry]:
    """Read what the parties of a customer's call have answered, the latest last."""
    rows = Consent.objects.filter(call=call).order_by("at", "pk")
    return [
        Entry(row.party, row.answer, row.policy_id, row.wording, row.participant.hex if row.participant else "")
        for row in rows
    ]


def notices_of(policies: Sequence[Policy]) -> Mapping[int, list[Notice]]:
    """Give the present notices of policies, one for each language, in one query."""
    rows = Notice.objects.filter(policy__in=policies).order_by("policy", "language", "-version")
    found: dict[int, list[Notice]] = {policy.pk: [] for policy in policies}
    for row in rows.distinct("policy", "language"):
        found[row.policy_id].append(row)
    return found


def asking_of(policy: Policy, notices: Iterable[Notice]) -> Asking:
    texts = frozenset(notice.text for notice in notices)
    return Asking(policy.pk, policy.consent, texts or frozenset({standard(policy)}))


def owed(call: UUID, present: Present) -> list[Owed]:
    """Give what a party of a customer's call is still to hear before the talk may be recorded, in the order of asking.

    The same words are heard once.
    """
    found, notices, _refused = owing(call, present, RECORDS_TALKS)
    scope = scope_of(call) if found else None
    worded: dict[str, Owed] = {}
    for policy in found:
        one = _worded(policy, notices[policy.pk], present, scope.language if scope else "")
        worded.setdefault(one.text, one)
    return list(worded.values())


def owing(
    call: UUID, present: Present, subjects: Collection[str], *, queue: int | None = None
) -> tuple[list[Policy], Mapping[int, list[Notice]], bool]:
    """Give the policies whose notice a party is still to hear, all their notices, and whether the party has said no.

    With `queue` as if the call were in that queue already.
    """
    found = active(subjects)
    if not any(_asks(policy) for policy in found):
        return [], {}, False
    facts = facts_of(scope_of(call))
    if queue is not None:
        facts = replace(facts, queue=queue)
    asked = sorted(filter(_asks, choose(found, call, facts, subjects)), key=lambda policy: policy.pk)
    if not asked:
        return [], {}, False
    entries, notices = ledger(call), notices_of(asked)
    left = [policy for policy in asked if owes(asking_of(policy, notices[policy.pk]), entries, present)]
    return left, notices, has_refused(entries, present)


def standard(policy: Policy) -> str:
    """Give the text that stands in where a policy has none of its own; "" where it asks nobody."""
    return DEFAULT_TEXTS.get(Mode(policy.consent), "")


def foreseen(facts: Facts, present: Present) -> list[Owed]:
    """Give what a party would have to hear in a call that does not exist yet, whether it is drawn later or not."""
    asked = filter(_asks, choose(active(), None, facts))
    return [_worded(policy, (), present, "") for policy in asked if owes(asking_of(policy, ()), (), present)][:1]


def _asks(policy: Policy) -> bool:
    return policy.consent != Mode.NONE


def _worded(policy: Policy, notices: Sequence[Notice], present: Present, language: str) -> Owed:
    asks = policy.consent in (Mode.ASK_ONE, Mode.ASK_EVERY)
    if asks and present.party == Party.COLLEAGUE:  # is told, in short, what others are asked
        return Owed(policy, None, DEFAULT_TEXTS[Mode.ANNOUNCE], DEFAULT_LANGUAGE, False)
    if not notices:
        text = DEFAULT_TEXTS[Mode(policy.consent) if asks else Mode.ANNOUNCE]
        return Owed(policy, None, text, DEFAULT_LANGUAGE, asks)
    notice = notices[closest([one.language for one in notices], language)]
    return Owed(policy, notice, notice.text, notice.language, asks)
