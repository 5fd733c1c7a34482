"""Whatever dies while somebody is called to walk a flow, and at whatever line: they are rung once, and told of."""

from django.utils import timezone

import outbound.tasks
from outbound import actions
from outbound.actions import Wish, walking
from outbound.models import Order
from telephony import client
from tests.scenarios import flows, test_callbacks_once
from tests.scenarios.desk import COMPANY, Desk, Phone, committing
from tests.scenarios.test_callbacks_once import killing

# What rings a person, from the claim to the note of what became of it.
WORK = (
    outbound.tasks.ring.run,
    walking.claim_ring,
    client.create_call,
    client.ask,
    walking.note_rung,
    walking._of_call,
)


def begun(desk: Desk, number: str) -> Order:
    """Let somebody be due whose ring waits for a worker."""
    desk.phone(number)
    with desk.workers_dead(), desk.commits():
        order = actions.order(Wish(number, flow=desk_flow()), by=None, at=timezone.now())
        actions.begin(order.pk, at=timezone.now())
    return order


def desk_flow() -> flows.Flow:
    return flows.Flow.objects.filter(name="Parcels").first() or flows.publish(
        "Parcels", {"Bye": flows.hang_up("Have a nice day.")}, at=timezone.now()
    )


def ended(desk: Desk, order: Order) -> int:
    """Let the person answer, if they are rung, and time pass; gives how often they were."""
    for _ in range(12):
        for leg in desk.twilio.legs(order.number):
            if leg.decision is not None:
                Phone(desk, leg.sid).answers()
        desk.wait(10)
        with committing():
            outbound.tasks.work()
        order.refresh_from_db()
        if not order.is_live:
            break
    return len(desk.twilio.legs(order.number))


def test_a_worker_that_dies_at_any_line_rings_nobody_twice_and_forgets_nobody(
    desk: Desk, settings, monkeypatch
) -> None:
    settings.TWILIO_CALLER_ID, settings.TWILIO_CALLS_PER_SECOND = COMPANY, 1000.0
    monkeypatch.setattr(test_callbacks_once, "WORK", WORK)

    def life(step: int) -> tuple[list[int], tuple[int, str, str]]:
        order = begun(desk, f"+1415556{step:04}")
        with killing(desk, step) as killer, committing():
            outbound.tasks.ring(str(order.pk), 1)
        rung = ended(desk, order)
        assert rung <= 1, f"rung twice when killed at step {step}"
        assert not order.is_live, f"forgotten when killed at step {step}"
        assert (rung == 1) == (order.state == "done"), f"step {step}: {order.state}"
        return killer.before, (rung, order.state, order.outcome)

    steps, end = life(0)  # nobody is killed
    assert (end, len(steps) > 20) == ((1, "done", "answered"), True)
    # Lines between which nothing left the process die alike.
    moments = [step for step, left in enumerate(steps, 1) if step == 1 or left != steps[step - 2]]
    ends = [life(step)[1] for step in moments]

    assert len(moments) > 8
    assert (0, "unreached", "lost") in ends  # claimed, and nobody knows whether Twilio was asked
    assert (1, "done", "answered") in ends
