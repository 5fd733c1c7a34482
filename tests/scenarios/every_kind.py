"""One flow with every kind of step in which a call can stand, and the ways to get a caller there."""

from collections.abc import Callable

from recordings.models import Mailbox
from tests.scenarios import flows
from tests.scenarios.desk import ANN, BEN, CALLER, COMPANY, Desk, Phone
from tests.scenarios.flows import Choice, Wanted

WHISPER = "Press 1 to take the call."
RAW = '<Response><Gather action="{next}" numDigits="1"><Say>Raw EDITION.</Say></Gather></Response>'
MESSAGE = "Hello, this is Carla about my bicycle. Please call me back."


def publish(desk: Desk, edition: str) -> None:
    """Publish the flow; each sentence in it names the edition, and so does each exit's way."""
    mailbox, _ = Mailbox.objects.get_or_create(name="Front desk", addressees="front@example.com")
    other = flows.publish(
        "Other",
        {
            "Other menu": flows.menu(
                f"Other menu {edition}.",
                {"On": Choice("Other end", "1")},
                no_input="Other end",
                wrong_input="Other end",
            ),
            "Other end": flows.hang_up(f"Other end {edition}."),
        },
        at=desk.clock.now(),
    )
    keys = {"Digits": "1", "Desk": "2", "Both": "3", "Box": "4", "Other": "5", "Raw": "6"}
    steps = {
        "Welcome": flows.message(f"Welcome {edition}. " + "We are glad that you call us today. " * 5, then="Language"),
        "Language": flows.language(
            f"Language {edition}.",
            {"English": Choice("Menu", "1", (), "en-US"), "Spanish": Choice("Menu", "2", (), "es-US")},
            no_choice="Menu",
        ),
        "Menu": flows.menu(
            f"Menu {edition}.",
            {name: Choice(name, key, (name.lower(),)) for name, key in keys.items()},
            no_input="Bye",
            wrong_input="Bye",
            says={"confirm": f"Did you say {{word}} {edition}?", "wrong": f"Wrong {edition}."},
            max_silences=9,
        ),
        "Digits": flows.collect(
            f"Digits {edition}.", collected="Keep", no_input="Bye", wrong_input="Bye", min_length=3, max_length=9
        ),
        "Keep": Wanted("set", exits={"next": "Which"}, settings={"values": ["order = No. {digits}"]}),
        "Which": Wanted(
            "branch",
            exits={"otherwise": "Share"},
            choices={"Some": Choice("Share", words=("begins with: no",))},
            settings={"variable": "order"},
        ),
        "Share": Wanted("share", choices={"a": Choice("Bye", words=("50 %",)), "b": Choice("Bye", words=("50 %",))}),
        "Raw": Wanted(
            "raw_twiml",
            exits={"next": "Bye"},
            choices={"One": Choice("Bye", words=("1",))},
            settings={"twiml": RAW.replace("EDITION", edition)},
        ),
        "Desk": flows.ring(
            ANN, BEN, answered="Bye", nobody="Box", whisper=WHISPER, screening=True, order="in_turn", seconds=10
        ),
        "Both": flows.ring(ANN, BEN, answered="Bye", nobody="Box", seconds=10),
        "Box": flows.voicemail(f"Box {edition}.", mailbox, recorded="Bye", empty="Bye", silence=4),
        "Other": flows.go_to(other),
        "Bye": flows.hang_up(f"Bye {edition}. " + "It was nice to talk to you. " * 3),
    }
    flow = flows.publish("Main", steps, at=desk.clock.now())
    if not flow.lines.exists():
        flows.line(COMPANY, flow)


def to_menu(caller: Phone, edition: str) -> Phone:
    return caller.hears(f"Language {edition}.").press("1").hears(f"Menu {edition}.")


def _message(desk: Desk, caller: Phone, edition: str) -> None:
    caller.hears(f"Welcome {edition}.")


def _language(desk: Desk, caller: Phone, edition: str) -> None:
    caller.hears(f"Language {edition}.")


def _menu(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition)


def _confirming(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).says("digits", confidence=0.1).hears(f"Did you say digits {edition}?")


def _collect(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("1").hears(f"Digits {edition}.").press("1")


def _ringing(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("2")
    desk.rings(ANN)


def _screening(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("2")
    desk.rings(ANN).answers().hears(WHISPER)


def _ringing_both(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("3")
    desk.rings(ANN)


def _talking(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("3")
    desk.rings(ANN).answers().hears(f"Connected with {CALLER}")


def _greeting(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("4").hears(f"Box {edition}.")


def _recording(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("4").hears(f"Box {edition}.").hears_the_beep().says(MESSAGE).waits(4)


def _other_flow(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("5").hears(f"Other menu {edition}.")


def _raw(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("6").hears(f"Raw {edition}.")


def _goodbye(desk: Desk, caller: Phone, edition: str) -> None:
    to_menu(caller, edition).press("1").hears(f"Digits {edition}.").press("123#").hears(f"Bye {edition}.")


#: how a caller gets to stand in each kind of step
PLACES: dict[str, Callable[[Desk, Phone, str], None]] = {
    "message": _message,
    "language": _language,
    "menu": _menu,
    "menu, confirming": _confirming,
    "collect": _collect,
    "ring, ringing": _ringing,
    "ring, screening": _screening,
    "ring, all at once": _ringing_both,
    "ring, talking": _talking,
    "voicemail, greeting": _greeting,
    "voicemail, recording": _recording,
    "go to": _other_flow,
    "raw TwiML": _raw,
    "hang up": _goodbye,
}
