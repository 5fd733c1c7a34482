"""Who is told what of a proposal or a plan, once each."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from agents import roles
from ivr import tasks
from ivr.actions import releasing
from ivr.models import Flow, Prompt, Release, Version
from tests.ivr import rows

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def person(name):
    made = rows.person(roles.FLOW_EDITOR, username=name)
    type(made).objects.filter(pk=made.pk).update(email=f"{name}@example.com")
    made.refresh_from_db()
    return made


@pytest.fixture
def ann():
    return person("ann")


@pytest.fixture
def ben():
    return person("ben")


@pytest.fixture
def release(ann, ben):
    flow = rows.publish(rows.simple_flow("Main\r\nflow"))
    Flow.objects.update(needs_approval=True)
    Prompt.objects.get(name="Hello").wordings.update(text="Good morning.")
    return releasing.propose(flow, by=ann, note="Kinder", at=now())


def told(mailoutbox):
    tasks.sweep_releases.delay()
    tasks.sweep_releases.delay()
    sent = [(mail.to, mail.subject) for mail in mailoutbox]
    mailoutbox.clear()
    return sent


def test_whoever_may_approve_is_told_of_a_proposal_and_the_proposer_of_its_end(release, ann, ben, mailoutbox):
    assert told(mailoutbox) == [(["ben@example.com"], "Main flow: a new version waits for approval")]

    releasing.approve(release, by=ben, at=now())

    assert told(mailoutbox) == [(["ann@example.com"], "Main flow: callers meet the new version")]


def test_the_text_tells_who_and_why_and_where(release, mailoutbox):
    tasks.sweep_releases.delay()

    (mail,) = mailoutbox
    assert "ann proposed it on" in mail.body
    assert "Note: Kinder" in mail.body
    assert f"/admin/ivr/flow/{release.flow_id}/releases/{release.pk}/" in mail.body
    assert "ann proposed it on" in mail.alternatives[0][0]


def test_whoever_proposed_reads_why_it_was_declined(release, ben, mailoutbox):
    releasing.decline(release, by=ben, reason="Too <b>cheerful</b>.", at=now())
    tasks.sweep_releases.delay()

    (mail,) = mailoutbox
    assert mail.to == ["ann@example.com"]
    assert "Too <b>cheerful</b>." in mail.body
    assert "Too &lt;b&gt;cheerful&lt;/b&gt;." in mail.alternatives[0][0]


def test_nobody_is_told_of_what_they_took_back_themselves(release, ann, ben, mailoutbox):
    told(mailoutbox)
    releasing.withdraw(release, by=ann, at=now())

    assert told(mailoutbox) == []
    assert Release.objects.get().told_state == "withdrawn"


def test_a_plan_comes_at_its_time_and_whoever_planned_it_is_told(ann, mailoutbox):
    releasing.propose(rows.simple_flow(), by=ann, note="", at=now() - MINUTE * 2, publish_at=now() - MINUTE)

    assert told(mailoutbox) == [(["ann@example.com"], "Main: callers meet the new version")]
    assert Version.objects.count() == 1


def test_a_plan_that_cannot_be_published_is_told_to_whoever_planned_and_approved_it(release, ann, ben, mailoutbox):
    queue = rows.Queue.objects.create(name="Sales")
    flow = rows.queue_flow("Other", queue)
    Flow.objects.update(needs_approval=True)
    at = now() - MINUTE * 3
    plan = releasing.propose(flow, by=ann, note="", at=at, publish_at=at + MINUTE * 2)
    releasing.approve(plan, by=ben, at=at + MINUTE)
    flow.first.queue = rows.Queue.objects.create(name="Service")
    flow.first.save(update_fields=["queue"])
    queue.delete()
    Release.objects.update(told_state="proposed")
    Release.objects.filter(pk=plan.pk).update(told_state="planned")

    assert told(mailoutbox) == [
        (["ann@example.com", "ben@example.com"], "Other: the new version could not be published"),
    ]


def test_a_worker_that_is_killed_after_sending_sends_nothing_that_looks_new(release, mailoutbox):
    cal = person("cal")
    tasks.sweep_releases.delay()
    Release.objects.update(told_state="", telling_until=None)  # as if it had died before it noted that
    tasks.sweep_releases.delay()

    first, second = mailoutbox
    assert set(first.to) == {"ben@example.com", cal.email}
    assert first.message()["Message-ID"] == second.message()["Message-ID"]


def test_an_e_mail_that_could_not_be_sent_is_sent_later(release, mailoutbox, settings):
    settings.EMAIL_BACKEND = "tests.ivr.drafting.test_notices.Broken"
    tasks.sweep_releases.delay()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

    assert told(mailoutbox) == []  # somebody may still be at it
    Release.objects.update(telling_until=now())
    assert len(told(mailoutbox)) == 1


class Broken:
    def __init__(self, **_options):
        pass

    def send_messages(self, _messages):
        raise OSError
