"""What waits for a second person or for its time: published once, as it was proposed, or not at all."""

from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, IntegrityError, connection, transaction

from agents import roles
from ivr import actions
from ivr.actions import releasing
from ivr.models import Flow, Prompt, Release, Version
from ivr.states import ReleaseState
from tests.ivr import rows
from tests.ivr.rows import AT
from tests.scenarios.knife import Killed, Knife

pytestmark = pytest.mark.django_db

LATER = AT + timedelta(hours=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def ann():
    return rows.person(roles.FLOW_EDITOR, username="ann")


@pytest.fixture
def ben():
    return rows.person(roles.FLOW_EDITOR, username="ben")


def say(text: str) -> None:
    Prompt.objects.get(name="Hello").wordings.update(text=text)


def said(version: Version) -> str:
    (prompt,) = version.document["prompts"].values()
    return prompt["wordings"]["en-US"]["text"]


def approved_flow(name: str = "Main") -> Flow:
    """A flow that is published, needs a second person from now on, and has a new greeting in its draft."""
    flow = rows.publish(rows.simple_flow(name))
    Flow.objects.filter(pk=flow.pk).update(needs_approval=True)
    flow.refresh_from_db()
    say("Good morning.")
    return flow


def propose(flow: Flow, by, **more) -> Release:
    return releasing.propose(flow, by=by, note="A kinder greeting", at=AT, **more)


def plan(flow: Flow, by=None, **more) -> Release:
    return releasing.propose(flow, by=by, note="For the evening", at=AT, publish_at=LATER, **more)


def test_what_needs_a_second_person_is_published_by_nobody_alone(ann):
    flow = approved_flow()

    with pytest.raises(actions.NeedsApproval):
        actions.publish(flow, by=ann, note="", at=AT)
    with pytest.raises(actions.NeedsApproval):
        actions.restore(flow.published, by=ann, note="", at=AT)

    assert Version.objects.count() == 1


def test_another_person_lets_callers_meet_what_was_proposed(ann, ben):
    flow = approved_flow()
    release = propose(flow, ann)

    releasing.approve(release, by=ben, at=LATER)

    flow.refresh_from_db()
    release.refresh_from_db()
    assert (release.state, release.version, release.approved_by) == ("published", flow.published, ben)
    assert (flow.published.number, flow.published.note, flow.published.published_by) == (2, "A kinder greeting", ann)
    assert (said(flow.published), flow.published.published_at) == ("Good morning.", LATER)


def test_only_what_was_proposed_is_published_whatever_became_of_the_draft(ann, ben):
    flow = approved_flow()
    release = propose(flow, ann)
    say("Something that nobody has seen.")

    releasing.approve(release, by=ben, at=LATER)

    flow.refresh_from_db()
    assert said(flow.published) == "Good morning."


def test_nobody_approves_or_declines_their_own(ann):
    release = propose(approved_flow(), ann)

    with pytest.raises(releasing.OwnProposal):
        releasing.approve(release, by=ann, at=LATER)
    with pytest.raises(releasing.OwnProposal):
        releasing.decline(release, by=ann, reason="No.", at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.filter(pk=release.pk).update(approved_by=ann)

    assert Release.objects.get().state == ReleaseState.PROPOSED


def test_what_was_proposed_cannot_be_changed_afterwards(ann):
    release = propose(approved_flow(), ann)

    for change in ({"document": {}}, {"publish_at": LATER}, {"proposed_by": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Release.objects.filter(pk=release.pk).update(**change)


def test_a_proposal_is_declined_with_a_reason_and_comes_to_nobody(ann, ben):
    flow = approved_flow()
    release = releasing.decline(propose(flow, ann), by=ben, reason="Too cheerful.", at=LATER)

    assert (release.state, release.ended_by, release.ended_because) == ("declined", ben, "Too cheerful.")
    with pytest.raises(releasing.NotOpen):
        releasing.approve(release, by=ben, at=LATER)
    assert Version.objects.count() == 1


@pytest.mark.parametrize("end", ["approve", "decline", "withdraw"])
def test_a_proposal_ends_once(ann, ben, end):
    release = propose(approved_flow(), ann)
    match end:
        case "approve":
            releasing.approve(release, by=ben, at=LATER)
        case "decline":
            releasing.decline(release, by=ben, reason="No.", at=LATER)
        case "withdraw":
            releasing.withdraw(release, by=ann, at=LATER)
    versions = Version.objects.count()
    release = Release.objects.get()

    for again in (
        lambda: releasing.approve(release, by=ben, at=LATER),
        lambda: releasing.decline(release, by=ben, reason="No.", at=LATER),
        lambda: releasing.withdraw(release, by=ann, at=LATER),
    ):
        with pytest.raises(releasing.NotOpen):
            again()

    assert Version.objects.count() == versions


def test_the_very_same_is_proposed_once_and_another_draft_again(ann):
    flow = approved_flow()

    first, second = propose(flow, ann), propose(flow, ann)
    say("Good evening.")
    third = propose(flow, ann)

    assert first == second != third
    with pytest.raises(IntegrityError), transaction.atomic():
        Release.objects.create(
            flow=flow, document=first.document, fingerprint=first.fingerprint, state="proposed", proposed_at=AT
        )


def test_what_callers_meet_already_is_neither_proposed_nor_published_again(ann):
    flow = approved_flow()
    say("Hello.")

    with pytest.raises(actions.NothingChanges, match="version 1"):
        propose(flow, ann)
    with pytest.raises(actions.NothingChanges):
        propose(flow, ann, restores=flow.published)
    Flow.objects.update(needs_approval=False)
    with pytest.raises(actions.NothingChanges):
        actions.publish(flow, by=ann, note="", at=AT)
    with pytest.raises(actions.NothingChanges):
        actions.restore(flow.published, by=ann, note="", at=AT)

    assert plan(flow, ann).is_planned, "after something else has come, it ends that"


def test_errors_stop_a_proposal_and_an_approval(ann, ben):
    flow = approved_flow()
    release = propose(flow, ann)
    flow.first.exits.all().delete()

    with pytest.raises(actions.HasErrors):
        propose(flow, ann)
    releasing.approve(release, by=ben, at=LATER)  # what was proposed is whole

    assert Version.objects.count() == 2


def test_a_version_is_restored_by_two_as_well(ann, ben):
    flow = rows.publish(rows.simple_flow())
    first = flow.published
    say("Good morning.")
    flow = rows.publish(flow)
    Flow.objects.update(needs_approval=True)

    releasing.approve(propose(flow, ann, restores=first), by=ben, at=LATER)

    flow.refresh_from_db()
    assert (flow.published.number, flow.published.restored_from, said(flow.published)) == (3, first, "Hello.")


def test_with_neither_a_second_person_nor_a_time_there_is_nothing_to_wait_for():
    with pytest.raises(releasing.NothingToWaitFor):
        propose(rows.simple_flow(), None)


def test_a_time_that_is_over_cannot_be_planned():
    with pytest.raises(releasing.TimeIsOver):
        releasing.propose(rows.simple_flow(), by=None, note="", at=AT, publish_at=AT)


def test_what_is_planned_comes_at_its_time_as_it_was_when_it_was_planned(ann):
    flow = rows.publish(rows.simple_flow())
    say("Good evening.")
    release = plan(flow, ann)
    say("Not finished yet")

    assert releasing.publish_due(release, at=LATER - timedelta(seconds=1)) is None
    published = releasing.publish_due(release, at=LATER)
    assert releasing.publish_due(release, at=LATER) is None

    flow.refresh_from_db()
    assert (published.state, published.version, said(flow.published)) == ("published", flow.published, "Good evening.")
    assert (flow.published.published_by, flow.published.published_at) == (ann, LATER)


def test_a_plan_that_needs_approval_waits_for_both(ann, ben):
    flow = approved_flow()
    release = plan(flow, ann)

    assert releasing.publish_due(release, at=LATER) is None
    releasing.approve(release, by=ben, at=AT + timedelta(minutes=1))
    assert Release.objects.get().state == ReleaseState.PLANNED
    assert releasing.publish_due(release, at=LATER).state == ReleaseState.PUBLISHED


def test_a_plan_that_is_approved_after_its_time_comes_at_once(ann, ben):
    release = plan(approved_flow(), ann)

    approved = releasing.approve(release, by=ben, at=LATER + HOUR)

    assert (approved.state, approved.version.published_at) == ("published", LATER + HOUR)


def test_a_plan_is_cancelled_and_does_not_come():
    release = plan(rows.simple_flow())

    releasing.withdraw(release, by=None, at=AT)

    assert releasing.publish_due(release, at=LATER) is None
    assert not Version.objects.exists()


def test_what_is_in_the_way_at_the_time_ends_the_plan_and_leaves_callers_where_they_were():
    queue = rows.Queue.objects.create(name="Sales")
    flow = rows.queue_flow("Main", queue)
    release = plan(flow)
    flow.first.queue = rows.Queue.objects.create(name="Service")
    flow.first.save(update_fields=["queue"])
    queue.delete()

    failed = releasing.publish_due(release, at=LATER)

    flow.refresh_from_db()
    assert (failed.state, failed.version, flow.published) == ("failed", None, None)
    assert failed.ended_because == "Step “Line” needs a queue that was deleted."
    assert releasing.publish_due(release, at=LATER) is None


def test_a_version_is_undone_by_going_back_to_the_one_before():
    flow = rows.publish(rows.simple_flow())
    first = flow.published
    say("Good morning.")
    flow = rows.publish(flow)

    back = releasing.undo(flow, number=2, by=None, at=LATER)

    assert (back.number, back.restored_from, back.note) == (3, first, "Undone: version 2")
    assert said(back) == "Hello."
    assert Prompt.objects.get(name="Hello").wordings.get().text == "Good morning."


def test_undoing_twice_or_too_late_undoes_nothing_else():
    flow = rows.publish(rows.simple_flow())
    say("Good morning.")
    rows.publish(flow)
    releasing.undo(flow, number=2, by=None, at=LATER)

    with pytest.raises(releasing.NotTheLast):
        releasing.undo(flow, number=2, by=None, at=LATER)

    assert Version.objects.count() == 3


def test_the_first_version_cannot_be_undone():
    flow = rows.publish(rows.simple_flow())

    with pytest.raises(releasing.NotTheLast):
        releasing.undo(flow, number=1, by=None, at=LATER)


def test_undoing_needs_a_second_person_where_publishing_does(ann):
    flow = approved_flow()
    Flow.objects.update(needs_approval=False)
    rows.publish(flow)
    Flow.objects.update(needs_approval=True)

    release = releasing.undo(flow, number=2, by=ann, at=LATER)

    assert (release.state, release.restores.number) == (ReleaseState.PROPOSED, 1)
    assert Version.objects.count() == 2


def test_who_asks_for_a_second_person_is_noted_once(ann):
    flow = rows.simple_flow()

    releasing.require_approval(flow, True, by=ann, at=AT)
    releasing.require_approval(flow, True, by=ann, at=AT)

    flow.refresh_from_db()
    assert flow.needs_approval
    assert LogEntry.objects.get().change_message == "From now on a second person has to approve each version."


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_works")
@pytest.mark.parametrize("is_in_the_way", [False, True])
def test_a_worker_that_is_killed_at_any_moment_publishes_once_and_nothing_half(is_in_the_way):
    for moment in range(100):
        queue = rows.Queue.objects.create(name=f"Queue {moment}")
        flow = rows.queue_flow(f"Flow {moment}", queue)
        release = plan(flow)
        if is_in_the_way:
            flow.first.queue = rows.Queue.objects.create(name=f"Other {moment}")
            flow.first.save(update_fields=["queue"])
            queue.delete()
        knife = Knife(moment)
        try:
            with connection.execute_wrapper(knife.query):
                releasing.publish_due(release, at=LATER)
        except Killed:
            connection.close()  # as the database sees it: what the dead has begun never was
            release.refresh_from_db()
            flow.refresh_from_db()
            assert (release.state, flow.published) in (("planned", None), (release.state, release.version))

        releasing.publish_due(release, at=LATER)

        release.refresh_from_db()
        flow.refresh_from_db()
        assert release.state == ("failed" if is_in_the_way else "published")
        assert flow.versions.count() == (0 if is_in_the_way else 1)
        assert flow.published == release.version
        if not knife.killed:
            break
    assert not knife.killed
    assert moment > 5


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("nobody_works")
def test_an_approval_that_is_killed_at_any_moment_publishes_nothing_half(ann, ben):
    for moment in range(100):
        flow = rows.simple_flow(f"Flow {moment}")
        Flow.objects.filter(pk=flow.pk).update(needs_approval=True)
        release = propose(flow, ann)
        knife = Knife(moment)
        try:
            with connection.execute_wrapper(knife.query):
                releasing.approve(release, by=ben, at=LATER)
        except Killed:
            connection.close()
            release.refresh_from_db()
            flow.refresh_from_db()
            if release.state == "proposed":
                assert (release.approved_by, flow.published) == (None, None)
                releasing.approve(release, by=ben, at=LATER)

        flow.refresh_from_db()
        assert flow.versions.count() == 1
        if not knife.killed:
            break
    assert not knife.killed
    assert moment > 5
