"""The caller chooses a language, and the whole call keeps it."""

import pytest

from recordings.models import Mailbox, Voicemail
from tests.scenarios import flows
from tests.scenarios.desk import COMPANY, Desk
from tests.scenarios.flows import Choice

ENGLISH, SPANISH = "For English, press 1.", "Para español, oprima 2."


@pytest.fixture
def company(desk: Desk) -> Desk:
    mailbox = Mailbox.objects.create(name="Front desk")
    other = flows.publish(
        "Messages",
        {
            "Message": flows.voicemail(
                ("Leave a message.", "Deje un mensaje."), mailbox, recorded="Bye", empty="Bye", silence=3
            ),
            "Bye": flows.hang_up(("Goodbye.", "Adiós.")),
        },
        at=desk.clock.now(),
    )
    steps = {
        "Language": flows.language(
            (ENGLISH, SPANISH),
            {
                "English": Choice("Menu", "1", ("English",), "en-US"),
                "Spanish": Choice("Menu", "2", ("español",), "es-US"),
            },
            no_choice="Menu",
        ),
        "Menu": flows.menu(
            ("Press 1 for the workshop.", "Oprima 1 para el taller."),
            {"Workshop": Choice("Elsewhere", "1", ("workshop", "taller"))},
            no_input="Elsewhere",
            wrong_input="Elsewhere",
        ),
        "Elsewhere": flows.go_to(other),
    }
    flows.line(COMPANY, flows.publish("Main", steps, at=desk.clock.now()))
    return desk


def test_by_key_and_through_another_flow_to_the_mailbox(company: Desk) -> None:
    caller = company.dial().hears(ENGLISH, SPANISH)

    caller.press("2").hears("Oprima 1 para el taller.")
    caller.says("taller").hears("Deje un mensaje.").hears_the_beep()
    caller.says("Hola, soy Carla y tengo una pregunta.").hears("Adiós.").is_hung_up_on()

    assert Voicemail.objects.get().language == "es-US"
    assert {heard.voice for heard in caller.leg.heard if heard.language == "es-US"} == {"Polly.Lupe-Neural"}
    assert caller.never_heard("Press 1 for the workshop.")


def test_by_word(company: Desk) -> None:
    company.dial().hears(SPANISH).says("español por favor").hears("Oprima 1 para el taller.")


def test_who_does_not_choose_is_spoken_to_in_the_first_language(company: Desk) -> None:
    caller = company.dial()

    caller.hears(ENGLISH, SPANISH, ENGLISH, SPANISH, "Press 1 for the workshop.", within=40)

    assert caller.never_heard("Oprima 1 para el taller.")
