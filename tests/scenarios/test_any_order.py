"""A shift in which anything happens in any order; after each event and each beat the company looks what must be so."""

import random
from collections import Counter
from collections.abc import Callable

import pytest

from queues.models import Entry
from tests.scenarios.desk import Desk, Phone
from tests.scenarios.people import WENT_ON, Company, Person

EVENTS = 30
PRESSES = ("hold", "unhold", "complete", "cancel", "swap", "merge", "hang-up", "give-back", "mute", "unmute", "help")
POSSIBLE = {200, 204, 409}  # done, or refused in words


class Shift:
    """Two agents who take callers, a colleague who does not, a supervisor, and chance."""

    def __init__(self, company: Company, seed: int) -> None:
        self.company, self.chance = company, random.Random(seed)
        self.agents = [company.agent("Ann"), company.agent("Ben"), company.agent("Cy", member=False)]
        self.lead = company.agent("Sue", member=False, role="Supervisor")
        self.numbers = 0
        self.done: Counter[str] = Counter()

    def goes_on(self) -> None:
        weights = {
            self.calls: 2,
            self.leaves: 1,
            self.picks_up: 6,
            self.declines: 1,
            self.breaks_off: 1,
            self.presses: 8,
            self.asks: 3,
            self.chooses: 1,
            self.closes_or_opens: 1,
            self.supervises: 2,
            self.nothing: 4,
        }
        event: Callable[[], bool] = self.chance.choices(list(weights), list(weights.values()))[0]
        if event():
            self.done[event.__name__] += 1
            self.company.desk.wait(self.chance.choice((0, 0.3, 1, 3)))
            self.company.check()

    def calls(self) -> bool:
        waiting = [caller for caller in self.company.callers if caller.leg.live]
        if len(waiting) < 3:
            self.numbers += 1
            self.company.caller(f"+1415555{self.numbers:04}")
        return len(waiting) < 3

    def leaves(self) -> bool:
        return self._with([caller for caller in self.company.callers if caller.leg.live], self._hang_up)

    def picks_up(self) -> bool:
        return self._with(self._rung(), lambda phone: self.company.desk.twilio.answer(phone.sid))

    def declines(self) -> bool:
        return self._with(self._rung(), lambda phone: self.company.desk.twilio.decline(phone.sid))

    def breaks_off(self) -> bool:
        twilio = self.company.desk.twilio
        legs = [leg for one in self.company.people for leg in twilio.legs(one.address) if leg.status == "in-progress"]
        return self._with([Phone(self.company.desk, leg.sid) for leg in legs], self._hang_up)

    def presses(self) -> bool:
        return self._tries(self.chance.choice(self.agents), self.chance.choice(PRESSES))

    def asks(self) -> bool:
        agent, other = self.chance.sample(self.agents, 2)
        what = self.chance.choice(("consult", "hand-over", "add", "rejoin", "decline", "queue"))
        match what:
            case "rejoin":
                return self._tries(agent, "rejoin", kind="browser")
            case "queue":
                return self._tries(agent, "hand-over", destination=f"queue:{self.company.queue.pk}")
            case "decline":
                return self._tries(agent, "decline")
        return self._tries(agent, what, agent=other.agent.pk)

    def chooses(self) -> bool:
        agent = self.chance.choice(self.agents)
        agent.chooses(self.chance.choice(("ready", "ready", "Lunch")))
        return True

    def closes_or_opens(self) -> bool:
        agent = self.chance.choice(self.agents)
        (agent.closes_the_page if agent.is_present else agent.comes_back)()
        return True

    def supervises(self) -> bool:
        entry = Entry.objects.filter(state="talking").order_by("pk").first()
        if entry is None or entry.conference is None:
            return False
        what = self.chance.choice(("listen", "coach", "barge", "take-over", "stop"))
        status = self.lead.tries_at_board(what, entry.conference)
        assert status in POSSIBLE, f"{what}: {status}"
        return status != 409

    def nothing(self) -> bool:
        self.company.desk.wait(self.chance.choice((2, 6, 12, 40)))
        return True

    def _tries(self, person: Person, what: str, **fields: object) -> bool:
        status = person.tries(what, **fields)
        assert status in POSSIBLE, f"{what}: {status}"
        return status != 409

    def _rung(self) -> list[Phone]:
        twilio = self.company.desk.twilio
        legs = [leg for one in self.company.people for leg in twilio.legs(one.address) if leg.decision is not None]
        return [Phone(self.company.desk, leg.sid) for leg in legs]

    def _hang_up(self, phone: Phone) -> None:
        self.company.desk.twilio.hang_up(phone.sid)

    def _with(self, phones: list[Phone], act: Callable[[Phone], None]) -> bool:
        if phones:
            act(self.chance.choice(phones))
        return bool(phones)


@pytest.mark.parametrize(("weather", "seed"), [("fair", 0), ("fair", 2), ("rough", 2)])
def test_whatever_happens_in_a_shift_nobody_is_in_two_places_or_in_none(desk: Desk, weather: str, seed: int) -> None:
    desk.expected = {WENT_ON}
    if weather == "rough":
        desk.doubles = True
        desk.faults.duplicate = desk.faults.reorder = desk.faults.delay = 0.2
        desk.faults.delay_seconds = 5.0
        desk.twilio.reseed_faults(seed)
    company = Company(desk, patience=30 if weather == "fair" else 90)
    shift = Shift(company, seed)

    while shift.done.total() < EVENTS:
        shift.goes_on()
    company.goes_home(within=300)

    assert shift.done["calls"] > 1
    assert len(shift.done) > 5, "little has happened"
