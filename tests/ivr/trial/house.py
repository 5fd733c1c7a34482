"""A company whose flow has every kind of step, in the database, to be tried and to be called."""

from dataclasses import dataclass

from conferences.models import Room
from ivr.models import Flow, Source, Step
from queues.models import Queue
from recordings.models import Mailbox
from rest import outgoing
from tests.ivr.trial.tries import MONDAY, OURS
from tests.queues.factories import make_queue
from tests.scenarios import flows
from tests.scenarios.flows import Choice, Steps, Wanted

ANN, BEN = "+14155550111", "+14155550122"
ELSEWHERE = "https://studio.example.com/flow"
RAW = """<Response><Say>Raw for {number}.</Say>
<Gather action="{next}" numDigits="1"><Say>Press one.</Say></Gather></Response>"""
RAW_DIAL = f'<Response><Dial action="{{next}}" timeout="9"><Number>{ANN}</Number></Dial></Response>'
KEYS = {
    "Digits": "1",
    "Desk": "2",
    "Both": "3",
    "Box": "4",
    "Other": "5",
    "Wait": "6",
    "Room": "7",
    "Ask": "8",
    "Text": "9",
    "Open?": "0",
    "Secret": "*",
    "Far": "#",
}


@dataclass(frozen=True)
class House:
    flow: Flow
    queue: Queue
    room: Room
    source: Source
    mailbox: Mailbox

    def step(self, name: str) -> str:
        return str(Step.objects.get(flow=self.flow, name=name).pk)


def build(*, publish: bool = True) -> House:
    """Draft the flow, and let callers meet it."""
    mailbox = Mailbox.objects.create(name="Front desk")
    queue = make_queue("Sales")
    room = Room.objects.create(name="Board", host_pin="1111", guest_pin="2222")
    source = Source.objects.create(name="CRM", address="https://crm.example.com/", secret=outgoing.new_secret())
    other = flows.publish(
        "Other",
        {
            "Other menu": flows.menu("Other menu.", {"On": Choice("End", "1")}, no_input="End", wrong_input="End"),
            "End": flows.hang_up("Other end."),
        },
        at=MONDAY,
    )
    steps = _steps(mailbox, queue, room, source, other)
    flow = flows.publish("Main", steps, at=MONDAY) if publish else flows.draft("Main", steps)
    flows.line(OURS, flow)
    return House(flow, queue, room, source, mailbox)


def _steps(mailbox: Mailbox, queue: Queue, room: Room, source: Source, other: Flow) -> Steps:
    bye = "Bye"
    return {
        "Who?": flows.caller(
            known="Hello", unknown="Welcome", vip="Hello", blocked="No", language=True, keep=["plan"], decide="plan",
            choices={"Gold": Choice("Hello", words=("gold",))},
        ),
        "No": flows.reject(),
        "Hello": flows.message("Hello {caller_name} with {plan}.", then="Welcome"),
        "Welcome": flows.message("Welcome. " + "We are glad that you call us today. " * 3, then="Consent"),
        "Consent": Wanted("consent", exits={"agreed": "Language", "refused": "Language"}),
        "Language": flows.language(
            ("For English press 1.", "Para español dos."),
            {
                "English": Choice("Menu", "1", ("English",), "en-US"),
                "Spanish": Choice("Menu", "2", ("Español",), "es-US"),
            },
            no_choice="Menu",
        ),
        "Menu": flows.menu(
            ("What can we do?", "¿Qué podemos hacer?"),
            {name: Choice(name, key, (name.lower().strip("?"),)) for name, key in KEYS.items()}
            | {name: Choice(name, words=(name.lower(),)) for name in ("Away", "Raw", "Raw dial")},
            no_input=bye,
            wrong_input=bye,
            says={"confirm": "Did you say {word}?", "wrong": "Wrong."},
        ),
        "Digits": flows.collect(
            "Your number, please.", collected="Thanks", no_input=bye, wrong_input="Again",
            min_length=3, max_length=9, variable="number", says={"wrong": "Too short."},
        ),
        "Thanks": flows.message("Thanks for {number}.", then="Keep"),
        "Keep": Wanted("set", exits={"next": "Share"}, settings={"values": ["order = Order {number}"]}),
        "Share": Wanted(
            "share", choices={"A": Choice("Branch", words=("50 %",)), "B": Choice("Early?", words=("50 %",))}
        ),
        "Branch": Wanted(
            "branch", exits={"otherwise": "Early?"}, choices={"Right": Choice("Order", words=("is: Order 1234",))},
            settings={"variable": "order"},
        ),
        "Order": flows.message("This is {order}.", then="Early?"),
        "Early?": Wanted(
            "branch", exits={"otherwise": "Again"}, choices={"Early": Choice("Bye", words=("time: 00:00 to 06:00",))},
            settings={"by": "time"},
        ),
        "Secret": flows.collect(
            "Your PIN, please.", collected="Again", no_input="Again", wrong_input="Again", secret=True
        ),
        "Desk": flows.ring(
            ANN, BEN, answered="Again", nobody="Box", busy="Again", failed="Bye",
            whisper="Press 1 to take the call.", screening=True, order="in_turn", seconds=10,
        ),
        "Both": flows.ring(ANN, "client:ann", answered="Again", nobody="Box", busy="Again", seconds=10),
        "Box": flows.voicemail("Please speak.", mailbox, recorded="Again", empty="Again", silence=4),
        "Other": flows.go_to(other, unavailable="Again"),
        "Far": flows.go_to(flows.draft("Never published", {"End": flows.hang_up()}), unavailable="Again"),
        "Wait": flows.queue(
            queue, ("message", "All our people talk."), ("position", "You are number {position}."), ("pause", 5),
            ("estimate", "It takes {low} to {high} minutes."), ("music", 0),
            answered="Again", timed_out="Again", full="Again", alone="Again",
            choices={"Call me": Choice("Call back", "1"), "Message": Choice("Box", "22")}, longest=60,
        ),
        "Call back": flows.call_back(queue, stored="Again", refused="Again", failed="Again"),
        "Room": flows.conference_room(room, left="Again", wrong_pin="Again", ended="Thanks", full="Bye"),
        "Ask": flows.look_up(
            source, found="Hello", default="Again", keep=["plan"], decide="kind", seconds=3,
            choices={"Friend": Choice("Thanks", words=("friend",))},
        ),
        "Text": Wanted(
            "text", {"text": "Our address: {number} Main Street.", "sent": "We have sent it."},
            {"sent": "Again", "not_possible": "Again"},
        ),
        "Away": Wanted(
            "send_away", {"message": "We send you on."}, {"failed": "Again"}, settings={"address": ELSEWHERE}
        ),
        "Raw": Wanted(
            "raw_twiml", exits={"next": "Again"}, choices={"One": Choice("Thanks", words=("1",))},
            settings={"twiml": RAW, "keep": "number"},
        ),
        "Raw dial": Wanted(
            "raw_twiml", exits={"next": "Again"}, choices={"Busy": Choice("Box", words=("busy",))},
            settings={"twiml": RAW_DIAL},
        ),
        "Open?": flows.hours(flows.office_hours(), opened="Again", closed=bye, holiday=bye),
        "Again": flows.message("Anything else?", then="Menu"),
        "Bye": flows.hang_up("Goodbye. " + "It was nice to talk to you. " * 3),
    }  # fmt: skip
