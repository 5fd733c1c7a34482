"""A click on Call back: the agent's own phone rings, then who left a message; and what a click never does."""


import pytest
from django.utils import timezone

from calls.models import CallEvent
from recordings.models import Mailbox, Return, Voicemail
from recordings.worklist import Asked, Status, read
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
    assert message.taken_by is None or message.taken_by == ann.agent.user
    person.hangs_up()
    office.desk.wait(5)

    message.refresh_from_db()
    assert (message.taken_by, message.status) == (ann.agent.user, "heard" if message.status == "heard" else "new")
    assert (ann.fresh.activity, office.rung()) == ("idle", 1)
    attempt = Return.objects.get()
    assert (attempt.state, attempt.call, attempt.number) == ("talked", message.returned_by, "")
    assert "Is it done?" in ann.sees("inbox")
    told = CallEvent.objects.filter(call=message.call, kind="callback").order_by("pk")
    assert [one.data["what"] for one in told] == ["Ann calls back", "connected", "the talk is over"]

    ann.does("finish-message", row=office.row())
    assert office.rows() == []
    office.settles()
