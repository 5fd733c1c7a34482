"""The admin's list of callbacks: who sees which, and what the buttons do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents import roles
from queues.actions import callbacks, owed
from queues.states import CallbackState
from tests.agents import factories as people
from tests.queues.rows import NUMBER, ask, line

pytestmark = pytest.mark.django_db

LIST = reverse("admin:queues_callback_changelist")


def page(client, address=LIST):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def one(callback):
    return reverse("admin:queues_callback_change", args=[callback.pk])


def do(client, callback, verb):
    answer = client.post(reverse("admin:queues_callback_work", args=[callback.pk, verb]), follow=True)
    callback.refresh_from_db()
    return answer


def expired(queue):
    made = ask(queue, at=timezone.now() - timedelta(days=2))
    callbacks.sweep(at=timezone.now())
    made.refresh_from_db()
    return made


@pytest.fixture
def supervisor(client):
    client.force_login(people.user(roles.SUPERVISOR))
    return client


@pytest.mark.parametrize(
    ("role", "seen"), [(roles.SUPERVISOR, "+1 415-555-0123"), (roles.AUDITOR, "+1415****123")], ids=["whole", "masked"]
)
def test_a_number_is_whole_only_for_those_who_may_see_it(client, role, seen):
    callback = ask(line())
    client.force_login(people.user(role))

    for shown in (page(client), page(client, one(callback))):
        assert seen in shown
        assert NUMBER not in shown


def test_people_see_the_callbacks_of_their_teams(client):
    sue = people.user(roles.SUPERVISOR)
    mine = ask(line(name="Sales", team=people.team(supervisors=[sue])))
    other = ask(line(name="Support", team=people.team()))
    client.force_login(sue)

    shown = page(client)

    assert str(mine.pk) in shown
    assert str(other.pk) not in shown
    assert "Support" not in shown
    assert client.get(one(other)).status_code == 302
    assert do(client, other, "cancel").status_code == 200
    assert other.state == CallbackState.WAITING


def test_agents_see_those_of_their_own_team(client):
    team, ann = people.team(), people.user(roles.AGENT)
    people.agent(account=ann, team=team)
    mine, other = ask(line(team=team)), ask(line(team=people.team()))
    client.force_login(ann)

    shown = page(client)

    assert str(mine.pk) in shown
    assert str(other.pk) not in shown


def test_the_buttons_cancel_and_try_now(supervisor):
    callback = ask(line(), at=timezone.now())
    callback.entries.update(not_before=timezone.now() + timedelta(hours=1))

    assert "Try now" in page(supervisor, one(callback))
    do(supervisor, callback, "try-now")
    assert callback.entries.get().not_before is None

    do(supervisor, callback, "cancel")
    assert callback.state == CallbackState.CANCELED
    assert "Try now" not in page(supervisor, one(callback))


def test_what_did_not_come_about_is_claimed_and_dealt_with(supervisor):
    callback = expired(line())

    do(supervisor, callback, "claim")
    assert callback.owner is not None

    do(supervisor, callback, "finish")
    assert callback.state == CallbackState.DONE


def test_what_did_not_come_about_can_be_put_back_into_the_line(supervisor):
    callback = expired(line())

    do(supervisor, callback, "call-again")

    assert callback.state == CallbackState.WAITING


def test_several_are_claimed_at_once(supervisor):
    some = [expired(line()), expired(line())]

    supervisor.post(LIST, {"action": "claim_selected", "_selected_action": [callback.pk for callback in some]})

    for callback in some:
        callback.refresh_from_db()
        assert callback.owner is not None


def test_what_another_looks_after_is_not_taken_away(supervisor):
    callback, ben = expired(line()), people.user(username="ben")
    owed.claim(callback.pk, by=ben, at=timezone.now())

    answer = do(supervisor, callback, "finish")

    assert "ben looks after it already" in answer.content.decode()
    assert callback.state == CallbackState.EXPIRED


def test_it_is_told_why_a_button_does_nothing(supervisor):
    callback = expired(line())
    ask(callback.queue, at=timezone.now())

    assert "asked again" in do(supervisor, callback, "call-again").content.decode()
    assert "does not wait" in do(supervisor, callback, "try-now").content.decode()


def test_who_may_only_look_has_no_buttons(client):
    callback = ask(line())
    client.force_login(people.user(roles.AUDITOR))

    assert "/do/cancel/" not in page(client, one(callback))
    assert do(client, callback, "cancel").status_code == 403
    assert callback.state == CallbackState.WAITING


def test_buttons_are_no_links_and_do_nothing_else(supervisor):
    callback = ask(line())

    assert supervisor.get(reverse("admin:queues_callback_work", args=[callback.pk, "cancel"])).status_code == 405
    assert do(supervisor, callback, "explode").status_code == 403


@pytest.mark.parametrize(("term", "found"), [("(415) 555-0123", True), ("0123", True), ("999", False), ("ann", False)])
def test_a_number_is_found_however_it_is_written(supervisor, term, found):
    callback = ask(line())

    assert (str(callback.pk) in supervisor.get(LIST, {"q": term}).content.decode()) is found


def test_more_callbacks_need_no_more_queries(supervisor):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            page(supervisor)
        return len(seen)

    ask(line())
    page(supervisor)
    few = queries()
    for _more in range(5):
        ask(line())

    assert queries() == few


def test_the_first_page_counts_what_nobody_looks_after(supervisor):
    callback = expired(line())

    assert "1 callback did not come about" in page(supervisor, reverse("admin:index"))

    do(supervisor, callback, "claim")
    assert "did not come about" not in page(supervisor, reverse("admin:index"))
