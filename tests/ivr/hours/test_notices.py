"""The e-mails about closures."""

import pytest

from agents import roles
from ivr.hours import notices
from ivr.models import ClosureEvent
from tests.ivr import rows as drafts
from tests.ivr.hours import rows
from tests.ivr.hours.rows import AT

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("what", "subject", "words"),
    [
        ("lasts", "Still closed: Fire", "closed at once since Monday, 5 October, 16:00 CEST (Fire)."),
        ("ends_soon", "Opens again soon: Fire", "It opens by itself on Monday, 5 October, 18:00 CEST."),
        ("ended", "Open again: Fire", "open again by itself since Monday, 5 October, 18:00 CEST."),
    ],
)
def test_a_notice_tells_of_the_place_on_its_own_clock(what, subject, words):
    closure = rows.closure(rows.office(), rows.office("Sales"))

    message = notices.of_closure(closure, what, ["a@example.com"])

    assert (message.subject, message.to) == (subject, ["a@example.com"])
    assert "Office, Sales: " in message.body
    assert words in message.body
    assert "/admin/close/" in message.body
    assert words in message.alternatives[0][0]


def test_a_closure_without_an_end_is_told_as_such():
    message = notices.of_closure(rows.closure(rows.office(), hours=None), "lasts", ["a@example.com"])

    assert "It stays closed until somebody opens it again." in message.body


def test_who_closed_or_moved_the_end_is_told_and_else_who_could_open():
    closure = rows.closure(rows.office())
    people = [drafts.person(role) for role in (roles.SUPERVISOR, roles.ADMINISTRATOR, roles.AGENT)]
    for user in people:
        user.email = f"{user.username}@example.com"
        user.save(update_fields=["email"])

    everybody = notices.addressees(closure)
    for what, user in (("closed", people[0]), ("moved", people[0])):
        ClosureEvent.objects.create(closure=closure, at=AT, by=user, what=what)

    assert everybody == ["administrator@example.com", "supervisor@example.com"]
    assert notices.addressees(closure) == ["supervisor@example.com"]
