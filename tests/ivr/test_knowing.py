"""What the checks are told beside the document."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.models import PresenceChange, Skill
from compliance.models import Policy
from ivr import actions, knowing
from ivr.document import parse
from ivr.drafting.drafts import compile_draft
from ivr.models import Audio, Schedule, Wording
from ivr.problems.knowledge import KnownLine, Lacking, Recording
from queues.models import Queue
from tests.agents.factories import ready_agent
from tests.ivr import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def known(flow, *, at=AT):
    return knowing.knowledge(parse(compile_draft(flow)), at=at)


def at_the_desk(agent, begin, end, standing="ready"):
    PresenceChange.objects.create(agent=agent, standing=standing, chosen="ready", cause="", at=begin, until=end)


def gated(queue):
    """A queue behind opening hours."""
    flow = rows.queue_flow("Main", queue)
    schedule = Schedule.objects.create(name="Office")
    end = flow.steps.get(name="The end")
    ways = {"open": flow.first, "closed": end, "holiday": end}
    flow.first = rows.step(flow, "Open?", "hours", schedule=schedule, exits=ways)
    flow.save()
    return flow


def test_queues_are_told_with_their_members_and_what_they_lack():
    skill = Skill.objects.create(name="Repairs")
    queue = Queue.objects.create(name="Sales", longest_wait=300, caller_id="+15005550100")
    for name, active, level in (("Ann", True, 4), ("Bob", False, 9)):
        agent = ready_agent(name)
        type(agent).objects.filter(pk=agent.pk).update(is_active=active)
        queue.memberships.create(agent=agent)
        agent.skills.create(skill=skill, level=level)
    queue.skills.create(skill=skill, level=10, relax_to=0)

    (found,) = known(rows.queue_flow("Main", queue)).queues.values()

    assert (found.name, found.members, found.longest, found.calls_from) == ("Sales", 1, 300, True)
    assert found.lacking == (Lacking("Repairs", 10),)


def test_the_hours_in_which_a_member_was_at_a_desk_are_told_where_it_matters():
    queue = Queue.objects.create(name="Sales")
    agent = ready_agent("Ann")
    PresenceChange.objects.all().delete()
    queue.memberships.create(agent=agent)
    at_the_desk(ready_agent("Stranger"), AT - 20 * DAY, AT - 19 * DAY)
    at_the_desk(agent, datetime(2026, 2, 25, 9, 40, tzinfo=UTC), datetime(2026, 2, 25, 11, 10, tzinfo=UTC))
    at_the_desk(agent, datetime(2026, 2, 25, 11, 10, tzinfo=UTC), datetime(2026, 2, 25, 16, tzinfo=UTC), "offline")
    at_the_desk(agent, AT - 40 * DAY, AT - 39 * DAY)

    (found,) = known(gated(queue)).queues.values()

    assert found.present == {datetime(2026, 2, 25, hour, tzinfo=UTC) for hour in (9, 10, 11)}


def test_nothing_is_told_of_desks_before_a_week_of_history():
    queue = Queue.objects.create(name="Sales")
    agent = ready_agent("Ann")
    PresenceChange.objects.all().delete()
    queue.memberships.create(agent=agent)
    flow = gated(queue)
    at_the_desk(agent, AT - 6 * DAY, AT - 5 * DAY)

    (found,) = known(flow).queues.values()

    assert found.present is None


def test_the_lines_that_lead_to_a_flow_are_told_also_through_others():
    flow = rows.simple_flow()
    before = rows.flow("Before")
    rows.step(before, "Over", "go_to", to_flow=flow)
    rows.line("Direct", "+15005550100", flow)
    rows.line("Around", "sip:desk@company.example", before)
    rows.line("Elsewhere", "+15005550109", rows.flow("Other"))

    assert known(flow).lines == (
        KnownLine("Around", "sip:desk@company.example", direct=False),
        KnownLine("Direct", "+15005550100", direct=True),
    )


def test_the_flows_ahead_are_told_as_they_are_published():
    last = rows.publish(rows.simple_flow("Last"))
    middle = rows.flow("Middle")
    middle.first = rows.step(middle, "On", "go_to", to_flow=last)
    middle.save()
    rows.publish(middle)
    flow = rows.flow("Main")
    rows.step(flow, "Over", "go_to", to_flow=middle)
    rows.step(flow, "Never", "go_to", to_flow=rows.flow("Draft"))

    found = known(flow).flows

    assert {document.flow_name for document in found.values()} == {"Middle", "Last"}


def test_policies_are_told_that_record_from_the_beginning_where_digits_are_secret():
    flow = rows.simple_flow()
    end = flow.steps.get(name="The end")
    ways = dict.fromkeys(("collected", "no_input", "wrong_input"), end)
    pin = rows.step(flow, "PIN", "collect", settings={"secret": True}, exits=ways)
    rows.says(pin, "question", rows.prompt())
    rows.line("Main", "+15005550100", flow)
    Policy.objects.create(name="All", begins="call", pause_limit=60)
    Policy.objects.create(name="Talks", begins="talk", number="+15005550199")
    Policy.objects.create(name="Out", begins="call", direction="outbound")
    Policy.objects.create(name="Off", begins="call", is_active=False, number="+15005550100")
    Policy.objects.create(name="Mail", begins="call", subject="voicemail")

    assert known(flow).recordings == (Recording("All", 60),)


def test_a_stricter_policy_that_records_the_talk_alone_takes_the_place_of_a_general_one():
    flow = rows.simple_flow()
    rows.line("Main", "+15005550100", flow)
    flow.steps.filter(name="The end").update(kind="collect", settings={"secret": True})
    Policy.objects.create(name="All", begins="call")
    Policy.objects.create(name="Talks", begins="talk", number="+15005550100")

    assert known(flow).recordings == ()


def test_sounds_are_told_with_their_length():
    flow = rows.simple_flow()
    sounds = [
        Audio.objects.create(sha256=letter * 64, name=letter, seconds=seconds, uploaded_at=AT)
        for letter, seconds in (("a", 61.0), ("b", 9.5))
    ]
    Wording.objects.update(audio=sounds[0])

    found = known(flow)

    assert found.sounds == {"a" * 64: 61.0}
    assert found.long == {"a" * 64}


def test_a_check_asks_the_database_as_often_for_many_steps_as_for_few(django_assert_max_num_queries):
    queue = Queue.objects.create(name="Sales")
    flow = gated(queue)
    end = flow.steps.get(name="The end")
    for number in range(30):
        rows.step(flow, f"Hours {number}", "hours", schedule=Schedule.objects.get(), exits={"open": end})
    rows.line("Main", "+15005550100", flow)
    document = compile_draft(flow)

    with django_assert_max_num_queries(25):
        actions.check(document, at=AT)
