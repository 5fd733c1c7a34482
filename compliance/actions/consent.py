"""Writing the consent ledger, the wordings that it names, and the scope of calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction

from agents.models import User
from calls import actions as calls
from calls.models import Call, EventKind
from compliance.models import Consent, Notice, Policy, Scope
from compliance.reading import Owed
from compliance.signals import consent_noted, scope_changed
from compliance.states import Answer, Direction, Party
from telephony import numbers

YES, NO = "1", "2"


class Speaker(NamedTuple):
    """Who has answered: as what, under which name for people, as which participant, and on which leg."""

    party: Party
    name: str = ""
    participant: UUID | None = None
    leg: str = ""


def begin_scope(
    call_id: UUID,
    *,
    number: str,
    caller: str,
    direction: Direction,
    flow: int | None = None,
    queue: int | None = None,
    language: str = "",
) -> None:
    """Note what rules ask of a customer's call; one that is known stays. Somebody waits for it: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO compliance_scope (call_id, number, caller, direction, flow_id, queue_id, queues, language)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (call_id) DO NOTHING",
            [
                *(call_id, number[:64], caller[:255], direction, flow, queue),
                *([] if queue is None else [queue], language[:16]),
            ],
        )


def enter_queue(call_id: UUID, queue_id: int, *, language: str, at: datetime) -> None:
    """Note that a customer's call belongs to a queue from now on. Sends `scope_changed` where that is new."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE compliance_scope SET queue_id = %s, language = %s,"
            " queues = CASE WHEN %s = ANY(queues) THEN queues ELSE array_append(queues, %s::bigint) END"
            " WHERE call_id = %s AND (queue_id, language) IS DISTINCT FROM (%s::bigint, %s)",
            [queue_id, language[:16], queue_id, queue_id, call_id, queue_id, language[:16]],
        )
        changed = cursor.rowcount
    if changed:
        scope_changed.send(sender=Scope, call_id=call_id, at=at)


def note(call_id: UUID, owed: Owed, speaker: Speaker, answer: Answer, *, key: str = "", at: datetime) -> Consent:
    """Write into the ledger what somebody has made of a notice. Sends `consent_noted`."""
    return _written(
        Consent(
            call_id=call_id,
            policy=owed.policy,
            notice=owed.notice,
            wording=owed.text,
            version=owed.notice.version if owed.notice else None,
            language=owed.language,
            mode=owed.policy.consent,
            party=speaker.party,
            name=speaker.name[:80],
            participant=speaker.participant,
            leg=speaker.leg,
            answer=answer,
            key=key if key in (YES, NO) else "",
            at=at,
        ),
        at=at,
    )


def note_said(
    call: Call, policies: Sequence[Policy], speaker: Speaker, answer: Answer, *, by: User | None, at: datetime
) -> list[Consent]:
    """Write what somebody has said to `by`: that they take their consent back, or that they agree after all.

    Sends `consent_noted` for each of the policies.
    """
    with transaction.atomic():
        return [
            _written(
                Consent(
                    call=call,
                    policy=policy,
                    mode=policy.consent,
                    party=speaker.party,
                    name=speaker.name[:80],
                    participant=speaker.participant,
                    leg=speaker.leg,
                    answer=answer,
                    noted_by=by,
                    at=at,
                ),
                at=at,
            )
            for policy in policies
        ]


def word(policy: Policy, language: str, text: str, *, by: User | None, at: datetime) -> Notice | None:
    """Give a policy's notice in a language a new version; None where the text is the present one."""
    with transaction.atomic():
        Policy.objects.select_for_update(no_key=True).get(pk=policy.pk)
        present = Notice.objects.filter(policy=policy, language=language).order_by("-version").first()
        if present is not None and present.text == text:
            return None
        version = present.version + 1 if present else 1
        return Notice.objects.create(policy=policy, language=language, version=version, text=text, at=at, by=by)


def customer(number: str, *, leg: str) -> Speaker:
    return Speaker(Party.CUSTOMER, numbers.mask(number), leg=leg)


def _written(entry: Consent, *, at: datetime) -> Consent:
    entry.save(force_insert=True)
    told = {"party": entry.party, "who": entry.name, "answer": entry.answer, "policy": entry.policy.name}
    calls.record_events(entry.call_id, [(EventKind.CONSENT, told)], at=at)
    consent_noted.send(sender=Consent, consent=entry, at=at)
    return entry
