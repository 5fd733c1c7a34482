"""A version is published while a call stands in a step, in each kind in which one can: the call never notices."""

from datetime import timedelta
from typing import Any

import pytest

from compliance.states import Mode
from conferences.models import Room
from ivr import actions
from ivr.kinds import KINDS
from ivr.kinds.base import Dialed, Heard, Keys, Queued, Recorded, Silence
from ivr.kinds.sent import Unreached
from ivr.models import Source, Version, Visit
from recordings.models import Mailbox
from rest import outgoing
from tests.compliance import rows as compliance
from tests.ivr.actions.callers import ANN, LINE, request
from tests.ivr.rows import AT
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.flows import Choice, Wanted
from tests.telephony.schema import violations

pytestmark = pytest.mark.django_db

TEN_SECONDS = timedelta(seconds=10)


class House:
    """What the steps refer to: the same for both editions."""

    def __init__(self) -> None:
        self.mailbox = Mailbox.objects.create(name="Front desk")
        self.queue = make_queue("Sales")
        self.room = Room.objects.create(name="Board", host_pin="1111", guest_pin="2222")
        self.source = Source.objects.create(name="CRM", address="https://crm.example/", secret=outgoing.new_secret())


def waiting(house: House, kind: str, edition: str) -> Wanted:
    """Give a step of a kind in which a call stands. Whatever it says names the edition; all ways lead to the end."""
    said = {role.name: f"{role.label} {edition}, {{number}} {{word}}." for role in KINDS[kind].PROMPTS}
    exits = {row.name: "Bye" for row in KINDS[kind].EXITS}
    choices: dict[str, Choice] = {"Out": Choice("Bye", "9")} if KINDS[kind].HAS_OPTIONS else {}
    match kind:
        case "language":
            choices = {"English": Choice("Bye", "1", (), "en-US"), "Spanish": Choice("Bye", "2", (), "es-US")}
        case "look_up":
            choices = {}
        case "raw_twiml":
            choices = {}
    takes: dict[str, Any] = {
        "queue": {"queue": house.queue},
        "call_back": {"queue": house.queue},
        "conference_room": {"room": house.room},
        "voicemail": {"mailbox": house.mailbox},
        "look_up": {"source": house.source},
    }.get(kind, {})
    settings: dict[str, Any] = {
        "ring": {"targets": [ANN]},
        "queue": {"unstaffed": "never"},
        "look_up": {"keep": ["name"], "seconds": 1},
        "send_away": {"address": "https://studio.example/flow"},
        "raw_twiml": {"twiml": f"<Response><Say>Raw {edition}.</Say></Response>"},
    }.get(kind, {})
    items: tuple[flows.Item, ...] = (("message", f"You wait {edition}."),) if KINDS[kind].HAS_WAIT else ()
    return Wanted(kind, said, exits, choices, takes, settings, items)


def publish(house: House, kind: str, edition: str) -> None:
    steps = {"Step": waiting(house, kind, edition), "Bye": flows.hang_up(f"Bye {edition}.")}
    flow = flows.draft("Main", steps)
    actions.publish(flow, by=None, note="", at=AT)
    if not flow.lines.exists():
        flows.line(LINE, flow)


#: what is heard until the call goes on, where silence is not enough
HEARD: dict[str, tuple[Heard, ...]] = {
    "ring": (Dialed("no-answer", bridged=False),),
    "voicemail": (Recorded("RE" + "1" * 32, 9),),
    "queue": (Keys("9"), Queued("leave")),
    "send_away": (Unreached("11200"),),
    "conference_room": (Keys("0000"),) * 4,
}


@pytest.mark.parametrize("kind", [kind for kind, step in KINDS.items() if step.WAITS])
def test_a_call_goes_on_in_the_version_that_it_began_with(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    if kind == "consent":
        compliance.policy(consent=Mode.ASK_ONE)
    publish(house, kind, "one")
    coming = request(status="ringing")
    answers = [actions.begin(coming, at=AT)]
    visit, caller = Visit.objects.get(call__sid=coming.call_sid), request(coming.call_sid)
    assert visit.ended_at is None, "a call does not stand in this step"

    publish(house, kind, "two")
    flows.publish("Main", {"Nothing": flows.reject()}, at=AT)
    at = AT
    for heard in (*HEARD.get(kind, ()), *[Silence()] * 12):
        at += TEN_SECONDS
        if kind == "queue" and not isinstance(heard, Queued) and Visit.objects.get(pk=visit.pk).turn == 1:
            answers.append(actions.wait(visit.pk, 1, 0, caller, heard, at=at))
            continue
        visit.refresh_from_db()
        if visit.ended_at is None:
            answers.append(actions.advance(visit.pk, visit.turn, caller, heard, at=at))

    visit.refresh_from_db()
    said = "\n".join(answers)
    assert (visit.ending, visit.version.number) == ("completed", 1)
    assert "Bye one." in said
    assert "two" not in said
    assert [violations(answer) for answer in answers] == [[]] * len(answers)
    assert Version.objects.count() == 3
