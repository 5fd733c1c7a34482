"""The database or the broker is away: callers hear the line's own words, and the next call goes as ever."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from calls.models import Call
from recordings.models import Recording, Voicemail
from recordings.states import State
from telephony.models import Delivery
from tests.scenarios import every_kind, flows
from tests.scenarios.desk import ANN, BEN, COMPANY, Desk
from tests.scenarios.outage import broker_at, database_at, nobody_listens, silence

TROUBLE = "We have trouble with our telephones; we put you through."
UNANSWERED = 15003  # Twilio's word for news that was not taken
TWILIO_WAITS = 15  # seconds for an answer of ours


@pytest.fixture
def company(desk: Desk) -> Desk:
    steps = {
        "Box": flows.menu(
            "Press 1.", {"Bye": flows.Choice("Bye", "1")}, no_input="Bye", wrong_input="Bye", max_silences=9
        ),
        "Bye": flows.hang_up("Goodbye."),
    }
    flow = flows.publish("Main", steps, at=desk.clock.now())
    flows.line(COMPANY, flow, forward_to=ANN, emergency_text=TROUBLE)
    desk.phone(ANN)
    return desk


@pytest.fixture
def outage() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def test_without_a_database_a_call_is_answered_in_time_and_put_through(company: Desk, outage: ExitStack) -> None:
    tries = outage.enter_context(database_at(outage.enter_context(nobody_listens())))
    company.expected = {UNANSWERED}

    caller = company.dial()
    assert 0 < sum(tries) < TWILIO_WAITS
    caller.hears(TROUBLE)
    ann = company.rings(ANN).answers()
    caller.hears(f"Connected with {ANN}")
    ann.hangs_up()

    outage.close()
    assert not Call.objects.exists()


def test_a_database_that_never_says_a_word_is_not_waited_for(company: Desk, outage: ExitStack) -> None:
    tries = outage.enter_context(database_at(outage.enter_context(silence()), pooled=True))

    caller = company.dial()

    assert 0 < sum(tries) < TWILIO_WAITS
    company.lost = lambda request: "/webhooks/" in request.url  # each would wait as long
    company.expected = {UNANSWERED}
    caller.hears(TROUBLE).hangs_up()


def test_the_database_goes_away_in_the_middle_of_a_call(company: Desk, outage: ExitStack) -> None:
    caller = company.dial().hears("Press 1.")

    with nobody_listens() as port, database_at(port):
        caller.press("1").hears(TROUBLE)
        company.rings(ANN).answers()
        caller.hears(f"Connected with {ANN}")
    caller.hangs_up()

    assert (caller.row.status, caller.visit.ending) == ("completed", "caller hung up")
    assert "pressed 1" not in caller.story
    company.dial(caller="+14155550124").hears("Press 1.").press("1").hears("Goodbye.").is_hung_up_on()


def test_a_call_that_ends_during_the_outage_is_asked_about_afterwards(company: Desk) -> None:
    caller = company.dial().hears("Press 1.")
    company.expected = {UNANSWERED}

    with nobody_listens() as port, database_at(port):
        caller.hangs_up().waits(60)
    assert caller.row.ended_at is None
    company.minutes(4)

    assert (caller.row.status, caller.visit.ending) == ("completed", "caller hung up")
    assert caller.row.ended_at == caller.leg.ended.replace(microsecond=0)  # type: ignore[union-attr]  # it has


def test_news_that_finds_no_database_is_sent_again(company: Desk) -> None:
    caller = company.dial().hears("Press 1.")
    company.expected = {UNANSWERED}

    with nobody_listens() as port, database_at(port):
        caller.hangs_up()

    told = [exchange.status for exchange in company.twilio.exchanges if exchange.url.endswith("/webhooks/voice/status")]
    assert told == [503, 503, 503, 503]


def test_the_fallback_needs_neither_database_nor_broker(company: Desk, outage: ExitStack) -> None:
    company.lost = lambda request: "/voice/inbound" in request.url
    company.expected = {UNANSWERED, 11205}
    tries = outage.enter_context(database_at(outage.enter_context(nobody_listens())))
    outage.enter_context(broker_at(outage.enter_context(nobody_listens())))

    caller = company.dial()
    assert sum(tries) < TWILIO_WAITS
    caller.hears(TROUBLE)
    company.rings(ANN).answers()
    caller.hears(f"Connected with {ANN}").hangs_up()

    (fallback,) = [request for request in company.sent if "/voice/fallback" in request.url]
    assert b"ErrorCode=11205" in fallback.body


def test_the_fallback_with_a_database_notes_what_twilio_said(company: Desk) -> None:
    company.lost = lambda request: "/voice/inbound" in request.url
    company.expected = {11205}

    caller = company.dial().hears(TROUBLE)
    company.rings(ANN)
    caller.hangs_up()

    failed = caller.row.events.get(kind="failed")
    assert failed.data["detail"] == "Twilio reports error 11205"
    assert caller.row.from_number == caller.leg.from_


def test_a_number_without_a_line_has_the_emergency_of_all_others(desk: Desk) -> None:
    flows.line("*", None, emergency_text="Nobody is here.")
    desk.expected = {UNANSWERED}

    with nobody_listens() as port, database_at(port):
        desk.dial().hears("Nobody is here.").is_hung_up_on()


@pytest.mark.django_db(transaction=True)
def test_without_a_broker_calls_go_on_and_the_sweep_fetches_what_they_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    every_kind.publish(desk, "one")
    desk.phone(BEN)

    with nobody_listens() as port, broker_at(port):
        caller = every_kind.to_menu(desk.dial(), "one").press("4").hears("Box one.").hears_the_beep()
        slept: list[float] = []  # with the library's own patience: seconds for each task, in a webhook
        monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
        caller.says(every_kind.MESSAGE).waits(6).press("#").hears("Bye one.").is_hung_up_on()

    assert sum(slept) == 0
    assert Recording.objects.get().state == State.READY
    assert {row.status_code for row in Delivery.objects.filter(path="/webhooks/recording")} == {204}
    desk.minutes(1)
    assert Recording.objects.get().state == State.STORED
    assert Voicemail.objects.get().told_at is not None
