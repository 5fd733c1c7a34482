import pytest

from crm.catalogue import TYPES
from crm.viewing import Viewer, viewer_of
from tests.agents.factories import ready_agent
from tests.queues.factories import make_queue
from tests.recordings.factories import make_mailbox, make_user

ALL = frozenset(TYPES)


@pytest.mark.parametrize(
    ("name", "data", "sees"),
    [
        ("call.started", {"call": {}}, True),
        ("order.changed", {}, False),  # not of its types
        ("queue.entered", {"queue": {"id": 1}}, True),
        ("queue.entered", {"queue": {"id": 2}}, False),
        ("recording.available", {"queue": None}, True),
        ("offer.made", {"queue": {"id": 1}, "agent": {"id": "b"}}, True),  # the queue says whose affair it is
        ("presence.changed", {"agent": {"id": "a"}}, True),
        ("presence.changed", {"agent": {"id": "b"}}, False),
        ("voicemail.left", {"mailbox": {"id": 5}}, True),
        ("voicemail.left", {"mailbox": {"id": 6}}, False),
    ],
)
def test_what_a_person_sees(name, data, sees):
    viewer = Viewer(
        types=ALL - {"order.changed"},
        queues=frozenset({1}),
        agents=frozenset({"a"}),
        mailboxes=frozenset({5}),
    )

    assert viewer.sees(name, data) is sees


def test_who_sees_everything_sees_events_of_every_queue_and_agent():
    viewer = Viewer(types=ALL)

    assert viewer.sees("queue.entered", {"queue": {"id": 9}})
    assert viewer.sees("presence.changed", {"agent": {"id": "x"}})


@pytest.mark.django_db
def test_a_view_follows_from_rights_teams_and_mailboxes():
    user = make_user("ann", "calls.view_call", "calls.view_numbers")
    ready_agent("Ada")
    queue, mailbox = make_queue("Orders"), make_mailbox("Mine")
    make_mailbox("Others")
    mailbox.members.add(user)

    viewer = viewer_of(user)

    assert viewer.types == {name for name in TYPES if name.startswith("call.")}
    assert viewer.queues == {queue.pk}  # of no team: everybody's
    assert viewer.agents == frozenset()
    assert viewer.mailboxes == {mailbox.pk}
    assert viewer.sees_numbers


@pytest.mark.django_db
def test_an_administrator_sees_everything():
    user = make_user("boss", is_superuser=True)

    viewer = viewer_of(user)

    assert (viewer.types, viewer.queues, viewer.agents, viewer.mailboxes) == (ALL, None, None, None)
