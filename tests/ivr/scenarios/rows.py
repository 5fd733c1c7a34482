"""A flow in the database with a menu, a queue and a mailbox, and scenarios of it."""

from datetime import UTC, datetime
from typing import Any

from ivr.actions import scenarios as actions
from ivr.models import Exit, Flow, Scenario, Step
from ivr.scenarios.expected import Expected
from ivr.trial.conditions import Conditions, Input, Press, QueueAs
from queues.models import Queue
from recordings.models import Mailbox
from tests.ivr import rows
from tests.queues.factories import make_queue

AT = datetime(2026, 3, 3, 10, tzinfo=UTC)
CALLER = "+12015550123"


def office(name: str = "Office") -> Flow:
    """A menu: 1 leads to a queue, 2 to a mailbox, all else to a goodbye."""
    made = rows.flow(name)
    bye = rows.says(rows.step(made, "Goodbye"), "goodbye", rows.prompt(f"{name} bye", "Goodbye."))
    mailbox, _ = Mailbox.objects.get_or_create(name="Front desk")
    mail = rows.step(made, "Message", "voicemail", mailbox=mailbox, exits={"recorded": bye, "empty": bye})
    rows.says(mail, "greeting", rows.prompt(f"{name} mail", "Leave word."))
    queue = Queue.objects.filter(name="Sales team").first() or make_queue("Sales team")
    line = rows.step(
        made,
        "Line",
        "queue",
        queue=queue,
        settings={"unstaffed": "arriving", "longest": 120},
        exits={"answered": bye, "timed_out": mail, "full": mail, "unstaffed": mail},
    )
    line.wait_items.create(kind="music")
    menu = rows.step(made, "Menu", "menu", exits={"no_input": bye, "wrong_input": bye})
    rows.says(menu, "greeting", rows.prompt(f"{name} welcome", "Welcome."))
    for keys, exit_, target in (("1", "Sales", line), ("2", "Mail", mail)):
        Exit.objects.create(step=menu, name=exit_, target=target, keys=keys, is_option=True, position=int(keys))
    made.first = menu
    made.save()
    return made


def conditions(**more: Any) -> Conditions:
    return Conditions(**({"at": AT, "caller": CALLER} | more))


def scenario(flow: Flow, *inputs: Input, name: str = "Somebody calls", expected: Expected | None = None) -> Scenario:
    queues = {str(step.queue_id): QueueAs() for step in flow.steps.filter(kind="queue")}
    tried = actions.Tried(name, conditions(queues=queues), inputs, expected)
    return actions.keep(flow, [tried], by=None, at=AT)[0]


def failing(flow: Flow) -> Scenario:
    """A scenario that goes as expected, until key 1 of the menu leads elsewhere, which it does from now on."""
    made = scenario(flow, Press("1"), name="Sales")
    lead_elsewhere(flow)
    return made


def lead_elsewhere(flow: Flow) -> None:
    Exit.objects.filter(step__flow=flow, name="Sales").update(target=Step.objects.get(flow=flow, name="Message"))


def lead_back(flow: Flow) -> None:
    Exit.objects.filter(step__flow=flow, name="Sales").update(target=Step.objects.get(flow=flow, name="Line"))
