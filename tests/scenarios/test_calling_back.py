"""A click on Call back: the agent's own phone rings, then who left a message; and what a click never does."""

from http import HTTPStatus

import pytest
from django.utils import timezone

from calls.models import CallEvent
from queues.models import Entry
from recordings.models import Mailbox, MissedCall, Return, Voicemail
from recordings.worklist import Asked, Status, read
from simulator.faults import RestFault
from tests.scenarios import flows
from tests.scenarios.desk import CALLER, Desk, Phone
from tests.scenarios.people import Company, Person

GREETING = "Please leave a message."
LINE = "+15005550170"


class Office:
    """A company with a line whose callers leave messages, and Ann, who works on them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.company = Company(desk)
        self.mailbox = Mailbox.objects.create(name="Orders")
        steps = {
            "Message": flows.voicemail(GREETING, self.mailbox, recorded="Thanks", empty="Thanks", silence=4),
            "Thanks": flows.hang_up("We will call you back."),
        }
        desk.add_number(LINE)
        flows.line(LINE, flows.publish("Orders", steps, at=timezone.now()))
        desk.phone(CALLER)
        self.ann = self.agent("Ann")

    def agent(self, name: str) -> Person:
        person = self.company.agent(name)
        self.mailbox.members.add(person.agent.user)
        return person

    def message(self, number: str = CALLER) -> Voicemail:
        """Let somebody leave a message."""
        caller = self.desk.dial(LINE, number).hears(GREETING).hears_the_beep()
        caller.says("Please call me, it is about my order.").waits(6).hangs_up()
        return Voicemail.objects.latest("left_at")

    def missed(self, number: str = CALLER) -> None:
        self.desk.dial(LINE, number).hears(GREETING).hangs_up()

    def rows(self, person: Person | None = None, status: Status = Status.OPEN) -> list[str]:
        """What the work list says of each row: the number, how much, and what came of calling back."""
        user = (person or self.ann).agent.user
        page = read(user, Asked(status=status), mailboxes=[self.mailbox.pk], at=timezone.now())
        return [f"{row.number}: {row.counted}; {row.attempted}" for row in page.rows]

    def row(self, person: Person | None = None, status: Status = Status.OPEN) -> str:
        """The row as a form of the page would bring it."""
        user = (person or self.ann).agent.user
        return str(read(user, Asked(status=status), mailboxes=[self.mailbox.pk], at=timezone.now()).rows[0].seen)

    def rung(self, number: str = CALLER) -> int:
        return len([leg for leg in self.desk.twilio.legs(number) if leg.direction.startswith("outbound")])

    def settles(self) -> None:
        self.desk.wait(10)
        self.company.goes_home()


def told(message: Voicemail) -> list[str]:
    events = CallEvent.objects.filter(call=message.call, kind="callback").order_by("pk")
    return [str(event.data["what"]) for event in events]


@pytest.fixture
def office(desk: Desk) -> Office:
    return Office(desk)


@pytest.mark.parametrize("doubles", [False, True], ids=["each request once", "each request twice"])
def test_a_click_rings_the_agent_and_then_who_left_the_message(office: Office, doubles: bool) -> None:
    message, ann = office.message(), office.ann
    office.desk.doubles = doubles

    ann.does("call-back", row=office.row())
    phone = ann.rings()
    assert ann.fresh.activity == "ringing"
    assert office.rung() == 0  # nobody is rung before there is somebody to talk to
    phone.answers()
    person = office.desk.rings(CALLER)
    message.refresh_from_db()
    assert message.returned_by is not None
    assert message.returned_by.sid == person.sid  # linked while it rings
    assert office.rows() == ["+1 415-555-0123: 1 message, 15:00; You are calling now."]
    person.answers()
    office.desk.wait(3)

    phone.says("This is Ann of Orders")
    Phone(office.desk, person.sid).hears("This is Ann of Orders")
    assert person.leg.from_ == LINE  # the number that they know
    assert ann.fresh.activity == "talking"
    person.hangs_up()

    message.refresh_from_db()
    assert (message.taken_by, message.is_done) == (ann.agent.user, False)
    assert (ann.fresh.activity, office.rung()) == ("idle", 1)
    attempt = Return.objects.get()
    assert (attempt.state, attempt.call, attempt.number) == ("talked", message.returned_by, "")
    assert told(message) == ["Ann calls back", "connected", "the talk is over"]
    assert "Is it done?" in ann.sees("inbox")
    ann.does("finish-message", row=office.row())
    assert office.rows() == []
    office.settles()


def test_one_call_answers_all_that_the_number_has_left_and_nothing_that_comes_later(office: Office) -> None:
    office.message()
    office.missed()
    office.message()
    ann = office.ann
    assert office.rows() == ["+1 415-555-0123: 2 messages, 1 missed call since 15:00; "]

    ann.does("call-back", row=office.row())
    ann.rings().answers()
    person = office.desk.rings(CALLER).answers()
    office.desk.wait(3)
    later = office.message()  # by somebody else of the house, with the same number
    person.hangs_up()

    answered = {one.returned_by for one in (*Voicemail.objects.exclude(pk=later.pk), *MissedCall.objects.all())}
    assert answered == {person.row}
    later.refresh_from_db()
    assert (later.returned_by, later.taken_by) == (None, None)
    assert "Is it done?" not in ann.sees("inbox")
    office.settles()


def test_a_double_click_rings_once(office: Office) -> None:
    office.message()
    row = office.row()

    office.ann.does("call-back", row=row)
    office.ann.does("call-back", row=row)
    office.ann.rings().answers()
    office.ann.does("call-back", row=row)  # the page was not fetched again meanwhile
    person = office.desk.rings(CALLER).answers()
    office.desk.wait(3)
    office.ann.does("call-back", row=row)
    person.hangs_up()

    assert (Return.objects.count(), office.rung()) == (1, 1)
    assert len(office.desk.twilio.legs(office.ann.address)) == 1
    office.settles()


def test_a_click_whose_workers_died_is_carried_out_once_by_the_sweep(office: Office) -> None:
    office.message()
    with office.desk.workers_dead():
        office.ann.does("call-back", row=office.row())
    assert not office.ann.is_rung()

    phone = office.ann.rings(within=40)
    with office.desk.workers_dead():
        phone.answers()
    person = office.desk.rings(CALLER, within=40).answers()
    office.desk.wait(3)
    person.hangs_up()

    assert (Return.objects.get().state, office.rung()) == ("talked", 1)
    office.settles()


@pytest.mark.parametrize("fault", ["lost", "timeout"])
def test_an_answer_of_twilios_that_is_lost_rings_nobody_twice(office: Office, fault: RestFault) -> None:
    office.message()
    office.desk.faults.force(fault, path="/Calls.json", method="POST")

    office.ann.does("call-back", row=office.row())
    office.desk.wait(90)  # it rings out, or nothing is ever heard of it

    assert len(office.desk.twilio.legs(office.ann.address)) <= 1
    assert (Return.objects.get().state, office.rung(), office.ann.fresh.activity) == ("untaken", 0, "idle")
    office.settles()


def test_an_agent_who_does_not_pick_up_lets_nobody_be_rung(office: Office) -> None:
    message = office.message()

    office.ann.does("call-back", row=office.row())
    office.ann.rings()
    office.desk.wait(60)

    attempt = Return.objects.get()
    assert (attempt.state, attempt.outcome, office.rung()) == ("untaken", "no-answer", 0)
    assert office.rows() == ["+1 415-555-0123: 1 message, 15:00; You wanted to call back, 15:00, and did not pick up."]
    assert told(message)[-1] == "Ann did not pick up: nobody was rung"
    agent = office.ann.fresh
    assert (agent.activity, agent.misses, agent.chosen) == ("idle", 0, "ready")
    office.settles()


def test_an_agent_may_think_better_of_it(office: Office) -> None:
    office.message()

    office.ann.does("call-back", row=office.row())
    office.ann.rings()
    office.ann.does("decline")
    office.desk.wait(10)

    assert (Return.objects.get().outcome, office.rung(), office.ann.fresh.activity) == ("declined", 0, "idle")
    office.settles()


@pytest.mark.parametrize(
    ("habit", "outcome", "words"),
    [
        ("ignores", "no-answer", "no answer"),
        ("busy", "busy", "busy"),
        ("unreachable", "failed", "the number could not be reached"),
    ],
)
def test_who_is_not_reached_stays_on_the_list_and_may_be_called_again(
    office: Office, habit: str, outcome: str, words: str
) -> None:
    message = office.message()
    office.desk.phone(CALLER, habit)

    office.ann.does("call-back", row=office.row())
    phone = office.ann.rings().answers()
    phone.is_hung_up_on()

    attempt = Return.objects.get()
    assert (attempt.state, attempt.outcome) == ("unreached", outcome)
    message.refresh_from_db()
    assert message.returned_by == attempt.call
    assert office.rows() == [f"+1 415-555-0123: 1 message, 15:00; You called back, 15:00: {words}."]
    assert office.ann.fresh.activity == "idle"

    office.desk.phone(CALLER, "asks")
    office.ann.does("call-back", row=office.row())
    office.ann.rings().answers()
    office.desk.rings(CALLER).answers()
    office.desk.wait(3)
    assert [one.state for one in Return.objects.order_by("asked_at")] == ["unreached", "talking"]
    office.settles()


def test_an_agent_who_hangs_up_while_it_rings_lets_it_ring_no_more(office: Office) -> None:
    office.message()
    office.ann.does("call-back", row=office.row())
    phone = office.ann.rings().answers()
    person = office.desk.rings(CALLER)

    office.ann.does("hang-up")

    person.is_hung_up_on(within=10)
    phone.is_hung_up_on(within=10)
    attempt = Return.objects.get()
    assert (attempt.state, attempt.outcome) == ("unreached", "withdrawn")
    assert office.ann.fresh.activity == "idle"
    office.settles()


def test_a_machine_that_answers_is_heard_by_the_agent(office: Office) -> None:
    office.message()
    office.ann.does("call-back", row=office.row())
    phone = office.ann.rings().answers()

    machine = office.desk.rings(CALLER).answers()
    office.desk.wait(3)
    machine.says("You have reached Carla. Leave a message.")

    phone.hears("Leave a message.")
    assert machine.never_heard("Press 1")
    office.ann.does("hang-up")
    office.settles()


def test_a_colleague_is_told_who_calls_the_number_also_from_another_mailbox(office: Office) -> None:
    office.message()
    ben = office.agent("Ben")
    returns = Mailbox.objects.create(name="Returns")
    returns.members.add(ben.agent.user)
    Voicemail.objects.filter(pk=office.message().pk).update(mailbox=returns)
    row = office.row(ben)
    theirs = str(read(ben.agent.user, Asked(), mailboxes=[returns.pk], at=timezone.now()).rows[0].seen)

    office.ann.does("call-back", row=row)

    assert ben.tries("call-back", row=row) == HTTPStatus.CONFLICT
    assert ben.tries("call-back", row=theirs) == HTTPStatus.CONFLICT
    assert "Ann is calling now." in ben.sees("inbox")
    assert (Return.objects.count(), ben.fresh.activity) == (1, "idle")
    office.settles()


def test_an_agent_who_talks_already_is_not_rung(office: Office) -> None:
    office.message()
    conference, caller, _phone = office.company.talk(office.ann)

    assert office.ann.tries("call-back", row=office.row()) == HTTPStatus.CONFLICT

    message = Voicemail.objects.get()
    assert (Return.objects.count(), message.taken_by, office.rung()) == (0, None, 0)
    caller.hangs_up()
    assert conference.pk
    office.settles()


def test_a_person_whose_agent_is_lost_is_told_and_stays_on_the_list(office: Office) -> None:
    office.message()
    office.ann.does("call-back", row=office.row())
    office.ann.rings().answers()
    person = office.desk.rings(CALLER).answers()
    office.desk.wait(3)

    office.ann.closes_the_page()

    person.hears("the connection has broken off").is_hung_up_on()
    assert Return.objects.get().state == "broken"
    assert "the line broke off" in office.rows()[0]
    office.settles()


def test_a_person_who_is_sent_on_waits_in_that_queue(office: Office) -> None:
    office.message()
    ben = office.agent("Ben")
    ben.chooses("Lunch")
    office.ann.does("call-back", row=office.row())
    office.ann.rings().answers()
    person = office.desk.rings(CALLER).answers()
    office.desk.wait(3)

    office.ann.does("hand-over", destination=f"queue:{office.company.queue.pk}")
    office.ann.chooses("Lunch")
    office.desk.wait(10)
    assert Entry.objects.get(call=person.row).state in ("waiting", "offered")
    assert Return.objects.get().state == "talked"
    ben.chooses("ready")
    ben.rings().answers().says("This is Ben")

    person.hears("This is Ben")
    person.hangs_up()
    office.settles()


def test_a_person_who_is_given_to_a_colleague_goes_on_with_them(office: Office) -> None:
    office.message()
    ben = office.agent("Ben")
    office.ann.does("call-back", row=office.row())
    office.ann.rings().answers()
    person = office.desk.rings(CALLER).answers()
    office.desk.wait(3)

    office.ann.does("hand-over", agent=ben.agent.pk)
    ben.rings().answers()
    office.desk.wait(5)
    assert (Return.objects.get().state, office.ann.fresh.activity) == ("talking", "idle")
    person.hangs_up()

    assert Return.objects.get().state == "talked"
    assert ben.fresh.activity == "idle"
    office.settles()
