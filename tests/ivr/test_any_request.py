"""Callers walk through every kind of step while their requests are mangled: none is a 500, all TwiML is valid."""

import random
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from calls.models import CallEvent
from conferences.models import Room
from ivr.kinds import KINDS
from ivr.models import Source
from recordings.models import Mailbox
from telephony import payloads
from tests.agents.factories import ready_agent
from tests.ivr.rows import AT
from tests.ivr.trial.house import ELSEWHERE, RAW, RAW_DIAL
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.flows import Choice, Wanted
from tests.telephony import signing
from tests.telephony.schema import violations

LINE = "+15005550100"
SAID = ("Away", "Ask")
FIELDS = sorted(payloads.KNOWN_FIELDS | {"RecordingStatus", "RecordingStartTime", "RecordingSource", "x\0y", "é"})
VALUES = [
    *(
        "",
        "x" * 20_000,
        "9" * 5000,
        "a\0b",
        "😀" * 300,
        "\uffff",
        "-1",
        "NaN",
        "٣٤٥",
        "ﷺ" * 500,
        "\x01]]>",
        "<Say>&\"'",
    ),
    *("Wed, 05 Nov 0001 10:00:00 +1400", "9999-12-31T23:59:59-14:00", "sip:", "sip:a@b;c?d", "client:ann", "+" * 30),
    *("completed", "ringing", "absent", "hangup", "true", "#", "12", "sales", "RE" + "a" * 32),
]
HEARD: list[dict[str, str]] = [
    {},
    *({"Digits": key} for key in ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "4711")),
    *({"SpeechResult": words.lower(), "Confidence": "0.9"} for words in ("sales", *SAID)),
    {"SpeechResult": "digits", "Confidence": "0.1"},
    {"DialCallStatus": "completed", "DialBridged": "true"},
    {"DialCallStatus": "no-answer"},
    {"QueueResult": "leave", "QueueTime": "9"},
    {"QueueResult": "error"},
    {"ReferCallStatus": "completed", "ReferSipResponseCode": "200"},
    {"RecordingSid": "RE" + "1" * 32, "RecordingDuration": "5"},
    {"RecordingSid": "RE" + "2" * 32, "RecordingDuration": "0", "Digits": "hangup"},
]


def publish() -> None:
    mailbox, schedule = Mailbox.objects.create(name="Front desk"), flows.office_hours()
    other = flows.publish("Other", {"End": flows.hang_up("Goodbye.")}, at=AT)
    ways = {"Digits": "1", "Secret": "2", "Sales": "3", "Both": "4", "Box": "5", "Other": "6"}
    ways |= {"Line": "7", "Room": "8", "Back": "9", "Who": "0"}
    agent = ready_agent("Ann", at=timezone.now() + timedelta(minutes=5))
    queue = make_queue(members=[agent])
    room = Room.objects.create(name="Team", host_pin="4711", guest_pin="1234")
    source = Source.objects.create(name="Orders", address="https://orders.example.com/", secret="s")
    options = {name: Choice(name, key, (name.lower(),)) for name, key in ways.items()}
    options |= {name: Choice(name, words=(name.lower(),)) for name in SAID}
    retries = {"no_input": "Box", "wrong_input": "Menu"}
    steps = {
        "Language": flows.language("Language?", {"English": Choice("Hours", "1", (), "en-US")}, no_choice="Hours"),
        "Hours": flows.hours(schedule, opened="Menu", closed="Menu", holiday="Menu"),
        "Menu": flows.menu("Menu.", options, says={"confirm": "Did you say {word}?"}, max_silences=9, **retries),
        "Digits": flows.collect("Digits?", collected="Menu", **retries),
        "Secret": flows.collect("Secret?", collected="Menu", secret=True, **retries),
        "Sales": flows.ring(
            *("+14155550111", "client:ben", "sip:a@b.example"),
            answered="Box", nobody="Box", whisper="Press 1.", screening=True, order="in_turn",
        ),
        "Both": flows.ring("+14155550111", "client:ben", answered="Bye", nobody="Box"),
        "Box": flows.voicemail("Speak.", mailbox, recorded="Menu", empty="Bye"),
        "Other": flows.go_to(other),
        "Line": flows.queue(queue, answered="Menu", timed_out="Box", choices={"Back": Choice("Back", "1")}),
        "Back": flows.call_back(queue, stored="Menu", refused="Menu", failed="Line"),
        "Room": flows.conference_room(room, left="Menu", wrong_pin="Menu"),
        "Who": flows.caller(known="Welcome", unknown="Welcome", keep=["plan"], decide="plan",
                            choices={"Gold": Choice("Welcome", words=("gold",))}),
        "Welcome": flows.message("Welcome.", then="Keep"),
        "Keep": Wanted("set", exits={"next": "Which"}, settings={"values": ["order = No. {number}", "plan = {order}"]}),
        "Which": Wanted("branch", exits={"otherwise": "Asked"}, settings={"variable": "order"},
                        choices={"Some": Choice("Asked", words=("contains: 4",))}),
        "Asked": Wanted("consent", exits={"agreed": "Share", "refused": "Share"}),
        "Share": Wanted("share", choices={name: Choice("Text", words=("50 %",)) for name in ("A", "B")}),
        "Raw": Wanted("raw_twiml", exits={"next": "Raw dial"}, choices={"One": Choice("Raw dial", words=("1",))},
                      settings={"twiml": RAW, "keep": "number"}),
        "Raw dial": Wanted("raw_twiml", exits={"next": "Menu"}, settings={"twiml": RAW_DIAL}),
        "Away": Wanted("send_away", {"message": "Sent on."}, {"failed": "Menu"}, settings={"address": ELSEWHERE}),
        "Text": Wanted("text", {"text": "Our address.", "sent": "We have sent it."},
                       {"sent": "Raw", "not_possible": "Raw"}),
        "Ask": flows.look_up(source, found="Menu", default="Menu", keep=["plan"], decide="kind", seconds=1,
                             choices={"Friend": Choice("Menu", words=("friend",))}),
        "Bye": flows.hang_up("Goodbye."),
    }  # fmt: skip
    flows.line(LINE, flows.publish("Main", steps, at=AT), forward_to="+14155550999")


def mangled(draw: random.Random, fields: dict[str, str]) -> dict[str, Any]:
    result: dict[str, Any] = dict(fields)
    for _ in range(draw.choice([0, 0, 0, 1, 2])):
        name = draw.choice(sorted(result))
        match draw.randrange(4):
            case 0:
                del result[name]
            case 1:
                result[name] = [result[name], draw.choice(VALUES)]
            case _:
                result[draw.choice(FIELDS)] = draw.choice(VALUES)
    return result


@pytest.mark.django_db
def test_no_walk_of_mangled_requests_ends_in_an_error() -> None:
    publish()
    draw, twilio, pages = random.Random(1), Client(raise_request_exception=False), list[str]()
    sid = ""
    for _ in range(600):
        if not pages or draw.random() < 0.06:
            sid, path = signing.sid(), "/voice/inbound"
        else:
            others = ["/webhooks/voice/status", "/webhooks/recording", "/voice/fallback", "/voice/inbound", pages[0]]
            path = draw.choice([pages[-1]] * 12 + others)
        fields = {
            "CallSid": sid, "From": "+14155550123", "To": LINE, "CallStatus": "in-progress", "Direction": "inbound",
            "RecordingStatus": "completed", "AccountSid": settings.TWILIO_ACCOUNT_SID,
        }  # fmt: skip

        answer = signing.post(twilio, path, mangled(draw, fields | draw.choice(HEARD)))

        assert answer.status_code in {200, 204}, path
        if answer.status_code == 200:
            text = answer.content.decode()
            assert violations(text) == []
            led = re.findall(re.escape(settings.PUBLIC_BASE_URL) + r'(/voice/[^"<#]*)', unescape(text))
            on = [draw.choice(led)] if led else []
            pages = pages + on if path != "/voice/inbound" else on or pages

    kinds = set(CallEvent.objects.filter(kind="entered").values_list("data__kind", flat=True))
    assert kinds == KINDS.keys() - {"reject"}, "only a first step may refuse a call"
