"""Policies, and what people have answered, in words for people."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from compliance.models import Notice, Policy
from compliance.reading import rule_of, standard
from compliance.states import Answer, Begins, Direction, Mode, Party, Subject, Withdrawal
from telephony import numbers

SUBJECTS: dict[str, Promise | str] = {
    Subject.CONVERSATION: gettext_lazy("Conversations"),
    Subject.AGENT: gettext_lazy("Agents' lines"),
    Subject.VOICEMAIL: gettext_lazy("Voicemail"),
}
CHANNELS: dict[int, Promise | str] = {1: gettext_lazy("one mixed channel"), 2: gettext_lazy("both channels")}
BEGINS: dict[str, Promise | str] = {
    Begins.CALL: gettext_lazy("from the beginning of the call"),
    Begins.TALK: gettext_lazy("from the talk"),
    Begins.PRESS: gettext_lazy("when the agent starts it"),
}
MODES: dict[str, Promise | str] = {
    Mode.NONE: gettext_lazy("nobody is asked"),
    Mode.ANNOUNCE: gettext_lazy("the customer is told"),
    Mode.ASK_ONE: gettext_lazy("the customer is asked"),
    Mode.ASK_EVERY: gettext_lazy("everybody is asked"),
}
PARTIES: dict[str, Promise | str] = {
    Party.CUSTOMER: gettext_lazy("customer"),
    Party.OUTSIDE: gettext_lazy("somebody from outside"),
    Party.COLLEAGUE: gettext_lazy("colleague"),
}
ANSWERS: dict[str, Promise | str] = {
    Answer.TOLD: gettext_lazy("was told"),
    Answer.AGREED: gettext_lazy("agreed"),
    Answer.REFUSED: gettext_lazy("refused"),
    Answer.SILENT: gettext_lazy("did not answer"),
    Answer.WITHDRAWN: gettext_lazy("took consent back"),
}


def described(policy: Policy) -> str:
    """Say what a policy does, in one line: what of which calls, how, from when, who is asked, of how many."""
    parts = [f"{SUBJECTS[policy.subject]} {_calls(policy)}"]
    if policy.subject != Subject.VOICEMAIL:  # there is one speaker, after the beep
        parts += [str(CHANNELS[policy.channels]), str(BEGINS[policy.begins])]
    parts.append(str(MODES[policy.consent]))
    if policy.withdrawal == Withdrawal.DELETE:
        parts.append(_("deleted when consent is taken back"))
    parts.append(_("%(share)d %% of calls") % {"share": policy.share})
    return ", ".join(parts)


def named(policy: Policy) -> list[str]:
    """Say what a call must have, besides its direction, for the policy to fit."""
    found = []
    if policy.number:
        found.append(_("number %(number)s") % {"number": numbers.show(policy.number)})
    if policy.flow:
        found.append(_("flow %(flow)s") % {"flow": policy.flow})
    if policy.queue:
        found.append(_("queue %(queue)s") % {"queue": policy.queue})
    return found


def _calls(policy: Policy) -> str:
    where = _listed(named(policy))
    match policy.direction, where:
        case "", "":
            return _("of all calls")
        case Direction.INBOUND, "":
            return _("of inbound calls")
        case Direction.OUTBOUND, "":
            return _("of outbound calls")
        case Direction.INBOUND, _where:
            return _("of inbound calls of %(where)s") % {"where": where}
        case Direction.OUTBOUND, _where:
            return _("of outbound calls of %(where)s") % {"where": where}
    return _("of %(where)s") % {"where": where}


def _listed(parts: Sequence[str]) -> str:
    if not parts:
        return ""
    *before, last = parts
    return _("%(some)s and %(last)s") % {"some": ", ".join(before), "last": last} if before else last


def doubts(policy: Policy, others: Iterable[Policy], notices: Sequence[Notice]) -> Iterator[str]:
    """Say what somebody should know who switches this policy on. `others` are the other active ones."""
    twins = [one for one in others if _scope(one) == _scope(policy) and one.pk != policy.pk]
    if policy.is_active and twins:
        newest = max([policy, *twins], key=lambda one: one.pk)
        yield _("The very same calls have other policies too: %(names)s. Only the newest one counts: %(newest)s.") % {
            "names": ", ".join(sorted(f"“{one}”" for one in twins)),
            "newest": f"“{newest}”",
        }
    if policy.consent == Mode.NONE:
        yield _(
            "Nobody is told or asked. Many places forbid to record people who do not know of it, or have not agreed, "
            "and what counts may be the law of the place that the customer calls from. Whoever switches this policy "
            "on answers for it."
        )
    elif not notices:
        yield _("It has no text of its own. People hear, in English: “%(text)s”") % {"text": standard(policy)}
    if policy.subject == Subject.AGENT:
        yield _(
            "An agent's line has what the agent hears: also colleagues who are asked while the customer is on hold, "
            "and what a supervisor whispers who coaches. Tell those people, where they must know of it."
        )


def _scope(policy: Policy) -> tuple[object, ...]:
    rule = rule_of(policy)
    return (rule.subject, rule.number, rule.flow, rule.queue, rule.direction)
