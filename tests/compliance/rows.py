"""Policies and what hangs on them, each with defaults that make sense."""

from datetime import datetime
from itertools import count
from typing import Any
from uuid import UUID

from calls.models import Call
from compliance.actions import consent
from compliance.models import Consent, Notice, Policy, Scope
from compliance.states import Answer, Direction, Mode, Party
from tests.calls.factories import AT, make_call

_numbers = count(1)


def policy(name: str = "", *, texts: dict[str, str] | None = None, **fields: Any) -> Policy:
    """A policy that tells the customer, with these texts by language."""
    made = Policy.objects.create(name=name or f"Policy {next(_numbers)}", **fields)
    for language, text in (texts or {}).items():
        notice(made, language, text)
    return made


def notice(about: Policy, language: str = "en-US", text: str = "We record this.", *, at: datetime = AT) -> Notice:
    made = consent.word(about, language, text, by=None, at=at)
    assert made is not None
    return made


def scope(call: Call | None = None, **fields: Any) -> Scope:
    """What policies ask of an inbound call to our number."""
    call = call or make_call()
    defaults = {"number": call.to_number, "caller": call.from_number, "direction": Direction.INBOUND}
    return Scope.objects.create(**({"call": call} | defaults | fields))


def entry(call: Call, about: Policy, answer: str = Answer.AGREED, **fields: Any) -> Consent:
    """Something that the customer has answered, unless another party is named."""
    defaults = {"party": Party.CUSTOMER, "mode": about.consent, "at": AT, "leg": call.sid}
    return Consent.objects.create(**({"call": call, "policy": about, "answer": answer} | defaults | fields))


def speaker(party: Party = Party.CUSTOMER, name: str = "", participant: UUID | None = None) -> consent.Speaker:
    return consent.Speaker(party, name, participant)


ASKS = (Mode.ANNOUNCE, Mode.ASK_ONE, Mode.ASK_EVERY)
