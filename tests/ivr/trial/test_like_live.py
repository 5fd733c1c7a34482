"""The same script at the live webhooks and in a trial: the documents are the same, byte for byte."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from compliance.states import Mode, Subject
from conferences.models import Participant
from ivr.actions import standing
from ivr.kinds import KINDS
from ivr.kinds.known import KnownCaller
from ivr.models import Flow, Step
from ivr.trial import reading
from ivr.trial.conditions import Conditions, HangUp, Input, Press, QueueAs, RoomAs, Say, Speak, StaySilent, Wait
from ivr.trial.run import run
from ivr.trial.told import Trial
from ivr.trial.world import World
from tests.compliance.rows import policy
from tests.contacts.factories import contact
from tests.dialing.factories import UNBOUND, set_limits
from tests.ivr.trial.house import KEYS, House, build
from tests.ivr.trial.live import Caller
from tests.ivr.trial.tries import CALLER, MONDAY, OURS
from tests.messaging.factories import make_sender
from tests.queues.factories import member
from tests.scenarios import flows

pytestmark = pytest.mark.django_db

TO_MENU: tuple[Input, ...] = (Press("1"),)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> Callable[[datetime], None]:
    """Let Django tell the time that it is set to."""
    settings.DATA_DIR = tmp_path
    set_limits(**UNBOUND)

    def told(at: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    told(MONDAY)
    return told


@pytest.fixture
def house(clock: Callable[[datetime], None]) -> House:
    return build()


def suppose(house: House, conditions: Conditions) -> None:
    """Make it so in our world."""
    queue = conditions.queues.get(str(house.queue.pk), QueueAs())
    if queue.staffed:
        member(house.queue, at=MONDAY + timedelta(hours=1))
    if queue.full:
        house.queue.most_waiting = 0
        house.queue.save(update_fields=["most_waiting"])
    if conditions.texts == "sent":
        make_sender(number=OURS)
    if conditions.recorded:
        policy(consent=Mode.NONE, begins="call")


def compare(house: House, *inputs: Input, clock: Callable[[datetime], None], **supposed: Any) -> Trial:
    """Run the script in a trial and for real, and give the trial."""
    conditions = Conditions(
        **{"at": MONDAY, "number": OURS, "caller": CALLER, "queues": {str(house.queue.pk): QueueAs()}, **supposed}
    )
    suppose(house, conditions)
    world = reading.read(reading.draft(house.flow))
    trial = attempt(world, conditions, inputs)
    caller = Caller(trial, conditions, inputs, clock=clock)
    documents = caller.calls()
    again = attempt(renamed(world), conditions, inputs, visit=caller.visit.pk)
    assert list(again.twiml) == documents
    return trial


def attempt(world: World, conditions: Conditions, inputs: Sequence[Input], *, visit: UUID = reading.VISIT) -> Trial:
    def urls(turn: int, loop: int) -> Any:
        return standing.urls(visit, turn, loop=loop)

    return run(world, conditions, inputs, urls=urls)


def renamed(world: World) -> World:
    """Call a room's conference and who is in it as they are called for real."""
    participant = Participant.objects.filter(conference__room__isnull=False).first()
    if participant is None:
        return world
    return replace(world, meeting=participant.conference.name, participant=participant.label)


def to(name: str, *more: Input) -> tuple[Input, ...]:
    return (*TO_MENU, Press(KEYS[name]), *more)


SCRIPTS: dict[str, tuple[tuple[Input, ...], dict[str, Any]]] = {
    "message, caller and language": ((Press("2"), HangUp()), {}),
    "language, said": ((Say("español", 0.9), Press("9")), {}),
    "no language": ((StaySilent(), Press("7"), StaySilent(), StaySilent(), StaySilent()), {}),
    "menu, said": ((*TO_MENU, Say("digits", 0.9), Press("123#")), {}),
    "menu, confirmed": ((*TO_MENU, Say("digits", 0.1), Press("1"), Press("1234567890")), {}),
    "menu, not confirmed": ((*TO_MENU, Say("digits", 0.1), Press("2"), Say("what?"), Press("9")), {}),
    "digits": (to("Digits", Press("12"), Press("1234#"), HangUp()), {}),
    "set, share and branch": (to("Digits", Press("1234#"), Press("9")), {}),
    "branch by time": (to("Digits", Press("12345#")), {"at": MONDAY.replace(hour=3)}),
    "secret": (to("Secret", Press("1234#"), HangUp()), {}),
    "ring, answered": (to("Desk", StaySilent(), HangUp()), {}),
    "ring, the second one": (to("Desk", StaySilent()), {"rung": "declined answered"}),
    "ring, nobody": (to("Desk", Speak(9)), {"rung": "no-answer"}),
    "ring, busy": (to("Desk"), {"rung": "busy"}),
    "ring, failed": (to("Desk"), {"rung": "failed"}),
    "ring together, answered": (to("Both", StaySilent()), {}),
    "ring together, busy": (to("Both"), {"rung": "busy"}),
    "ring, hung up while talking": (to("Both", HangUp()), {}),
    "voicemail": (to("Box", Speak(9), HangUp()), {}),
    "voicemail, silent": (to("Box", StaySilent()), {}),
    "voicemail, hung up": (to("Box", Speak(9, hangs_up=True)), {}),
    "voicemail, hung up at once": (to("Box", HangUp()), {}),
    "another flow": (to("Other", Press("1")), {}),
    "another flow that is not published": (to("Far"), {}),
    "queue, answered": (to("Wait", StaySilent(), StaySilent(), HangUp()), {}),
    "queue, hung up": (to("Wait", Wait(9), HangUp()), {}),
    "queue, a key": (to("Wait", Wait(3), Press("1"), Press("1")), {}),
    "queue, two keys": (to("Wait", Press("22"), Speak(5)), {}),
    "queue, a wrong key": (to("Wait", Wait(8), Press("9"), Wait(2), Press("1"), Press("2")), {}),
    "queue, timed out": (to("Wait", StaySilent()), {"queue": QueueAs(answered_after=None)}),
    "queue, nobody staffed": (to("Wait"), {"queue": QueueAs(staffed=False)}),
    "queue, full": (to("Wait"), {"queue": QueueAs(full=True)}),
    "call back, another number": (to("Wait", Press("1"), Press("2"), Press("4155550199#"), Press("1")), {}),
    "room": (to("Room", Press("2222#"), StaySilent()), {}),
    "room, host": (to("Room", Press("1111#"), StaySilent()), {}),
    "room, wrong PIN": (to("Room", Press("5#"), StaySilent(), Press("7#")), {}),
    "room, closed": (to("Room", Press("1111#"), StaySilent()), {"room": RoomAs(closed=True)}),
    "look-up, no answer": (to("Ask", HangUp()), {}),
    "look-up, answered": (to("Ask", HangUp()), {"looked_up": {"plan": "gold", "kind": "Friend", "secret": "x"}}),
    "look-up, answered otherwise": (to("Ask", HangUp()), {"looked_up": {"plan": "gold"}}),
    "text": (to("Text"), {}),
    "text, refused": (to("Text"), {"texts": "refused"}),
    "hours, open": (to("Open?"), {}),
    "hours, closed": (to("Open?"), {"at": MONDAY.replace(hour=3)}),
    "sent away": ((*TO_MENU, Say("away", 0.9)), {}),
    "sent away, in vain": ((*TO_MENU, Say("away", 0.9), HangUp()), {"away": "failed"}),
    "raw TwiML": ((*TO_MENU, Say("raw", 0.9), Press("1"), HangUp()), {}),
    "raw TwiML, silent": ((*TO_MENU, Say("raw", 0.9), StaySilent(), HangUp()), {}),
    "raw TwiML that rings": ((*TO_MENU, Say("raw dial", 0.9), StaySilent(), HangUp()), {}),
    "raw TwiML that rings in vain": ((*TO_MENU, Say("raw dial", 0.9), HangUp()), {"rung": "busy"}),
    "withheld": (to("Text"), {"caller": "anonymous"}),
    "recorded, secret": (to("Secret", Press("1234#"), HangUp()), {"recorded": True}),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_gives_the_same_documents(name: str, house: House, clock: Callable[[datetime], None]) -> None:
    inputs, supposed = SCRIPTS[name]
    supposed = dict(supposed)
    if "queue" in supposed:
        supposed["queues"] = {str(house.queue.pk): supposed.pop("queue")}
    if "room" in supposed:
        supposed["rooms"] = {str(house.room.pk): supposed.pop("room")}
    if "looked_up" in supposed:
        supposed["looked_up"] = {str(house.source.pk): supposed["looked_up"]}
    if "rung" in supposed:
        supposed["rung"] = {house.step(step): supposed["rung"] for step in ("Desk", "Both", "Raw dial")}

    if "away" in supposed:
        supposed["away"] = {house.step("Away"): supposed["away"]}

    trial = compare(house, *inputs, clock=clock, **supposed)

    assert trial.used == len(inputs)
    assert "failed" not in {moment.what for moment in trial.moments}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"is_vip": True},
        {"language": "es-US", "attributes": {"plan": "gold"}},
        {"blocked_at": MONDAY - timedelta(days=1)},
    ],
)
def test_who_is_known_meets_the_same(house: House, clock: Callable[[datetime], None], fields: dict[str, Any]) -> None:
    made = contact("Carla", CALLER, **fields)
    known = KnownCaller(
        str(made.pk), "Carla", made.language, made.is_vip, made.is_blocked(MONDAY), made.attributes, matches=1
    )

    compare(house, Press("1"), HangUp(), clock=clock, known=known)


@pytest.mark.parametrize("mode", [Mode.ASK_ONE, Mode.ANNOUNCE, Mode.NONE])
@pytest.mark.parametrize(
    "inputs", [(Press("1"),), (Press("2"),), (StaySilent(), StaySilent()), (StaySilent(), Press("1"))]
)
def test_policies_of_recording_ask_the_same(
    house: House, clock: Callable[[datetime], None], mode: Mode, inputs: tuple[Input, ...]
) -> None:
    policy("Talks", consent=mode, texts={"es-US": "¿Podemos grabar?", "en-US": "May we record?"})
    policy("Messages", consent=mode, subject=Subject.VOICEMAIL)

    asked = inputs if mode == Mode.ASK_ONE else ()
    compare(house, *asked, *to("Box", *asked, Speak(5)), clock=clock)


@pytest.mark.parametrize("forward_to", ["", "+14155550177"])
def test_a_flow_that_cannot_go_on_ends_with_the_words_of_its_line(
    house: House, clock: Callable[[datetime], None], forward_to: str
) -> None:
    there = flows.publish("There", {"End": flows.hang_up()}, at=MONDAY)
    flow = flows.publish("Here", {"Go": flows.go_to(there)}, at=MONDAY)
    Flow.objects.filter(pk=there.pk).update(published=None)
    flows.line(OURS, flow, forward_to=forward_to)

    trial = compare(replace(house, flow=flow), clock=clock)

    assert (trial.ending, trial.heard) == ("failed", (flows.SORRY,))


def test_the_house_has_every_kind_of_step(house: House) -> None:
    assert set(Step.objects.values_list("kind", flat=True)) == set(KINDS)


SEEDS = range(12)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_a_caller_does_gives_the_same_documents(
    seed: int, house: House, clock: Callable[[datetime], None]
) -> None:
    dice = random.Random(seed)
    conditions = {
        "queues": {
            str(house.queue.pk): QueueAs(
                staffed=dice.random() < 0.8, answered_after=dice.choice([None, 4, 13, 30]), full=dice.random() < 0.1
            )
        },
        "rung": {
            house.step(step): " ".join(dice.choices(["answered", "busy", "no-answer", "failed", "declined"], k=2))
            for step in ("Desk", "Both")
        },
        "looked_up": dice.choice([{}, {str(house.source.pk): {"plan": "gold", "kind": "friend"}}]),
        "texts": dice.choice(["sent", "refused"]),
    }
    world = reading.read(reading.draft(house.flow))
    inputs: list[Input] = []
    for _ in range(25):
        trial = attempt(world, Conditions(MONDAY, number=OURS, caller=CALLER, **conditions), inputs)
        if trial.ending or trial.used < len(inputs):
            break
        inputs.append(something(dice, trial))

    compare(house, *inputs, clock=clock, **conditions)


def something(dice: random.Random, trial: Trial) -> Input:
    """Do something that makes sense now, or that does not."""
    keys = [key for key, _exit in trial.expects.keys]
    pressed = Press(dice.choice([*keys, *keys, "9", "12", "1111#", "2222#", "4155550199#", "#", "12345"]))
    words = Say(dice.choice([*KEYS, "Español", "perhaps"]), dice.choice([None, 0.2, 0.9]))
    match trial.expects.may:
        case "message":
            return dice.choice([Speak(5), Speak(1), Speak(200), Speak(3, hangs_up=True), StaySilent(), Press("#")])
        case "wait":
            return dice.choice([pressed, StaySilent(), Wait(dice.randint(1, 20))])
        case "talk" | "meet":
            return StaySilent()
    return dice.choice([pressed, pressed, pressed, words, StaySilent()])
