"""Pages of texts: what was written, what became of it, and for whom it is."""

import pytest

from contacts.actions import opt_out
from contacts.models import Contact, ContactNumber
from contacts.states import Channel, How
from messaging.states import MediaState, Rule, State
from tests.agents.factories import team, user
from tests.calls.factories import AT, make_call
from tests.messaging.factories import THEIRS, make_media, make_message, make_received, make_thread
from tests.queues.factories import make_queue
from tests.recordings.factories import make_user

pytestmark = pytest.mark.django_db
THREADS, TEXTS = "/admin/messaging/thread/", "/admin/messaging/message/"


@pytest.fixture
def as_supervisor(client):
    client.force_login(user("Supervisor"))
    return client


def page(client, address: str, **parameters) -> str:
    answer = client.get(address, parameters)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_conversation_is_read_from_top_to_bottom(as_supervisor):
    thread = make_thread(waits_since=AT)
    contact = Contact.objects.create(name="Ada", created_at=AT, updated_at=AT)
    ContactNumber.objects.create(contact=contact, number=THEIRS)
    opt_out(THEIRS, Channel.TEXTS, how=How.TEXT, at=AT)
    make_media(make_received(thread, "First <b>"), state=MediaState.STORED, size=1000)
    make_message(thread, body="Second", sid="", state=State.NOT_SENT, rule=Rule.OPTED_OUT, at=AT.replace(hour=16))

    told = page(as_supervisor, f"{THREADS}{thread.pk}/change/")

    assert told.index("First &lt;b&gt;") < told.index("Second")
    for words in ("Ada", "image/png", "wants no texts", "waits for an answer", "They may text START"):
        assert words in told


def test_all_texts_are_listed_with_why_one_was_not_sent(as_supervisor):
    thread = make_thread()
    make_received(thread)
    make_message(thread, sid="", state=State.NOT_SENT, rule=Rule.LANDLINE)
    failed = make_message(thread, status="undelivered", error_code="30003")

    told = page(as_supervisor, TEXTS)

    for words in ("Where is my parcel?", "That is a landline", "off or out of reach", "undelivered"):
        assert words in told
    told = page(as_supervisor, f"{TEXTS}{failed.pk}/change/")
    assert "did not arrive" in told
    assert "off or out of reach" in told


def test_who_may_not_see_numbers_sees_none(client):
    message = make_received(body=f"I am {THEIRS}")
    client.force_login(make_user("eve", "messaging.view_thread", "messaging.view_message"))

    for address in (TEXTS, THREADS, f"{THREADS}{message.thread_id}/change/", f"{TEXTS}{message.pk}/change/"):
        told = page(client, address)
        assert "5550123" not in told.replace("-", "").replace(" ", "")


def test_a_text_that_had_nobody_to_go_to_is_shown_with_its_call(client):
    call = make_call(from_number="anonymous")
    message = make_message(make_thread(), sid="", state=State.NOT_SENT, rule=Rule.NO_NUMBER, call=call)
    message.thread = None
    message.save(update_fields=["thread"])
    client.force_login(user("Administrator"))

    assert "withheld" in page(client, TEXTS)
    assert "withheld" in page(client, f"{TEXTS}{message.pk}/change/")


def test_texts_of_other_teams_are_hidden(as_supervisor):
    thread = make_thread(queue=make_queue(team=team()))
    message = make_received(thread, "Secret")

    assert "Secret" not in page(as_supervisor, TEXTS)
    assert as_supervisor.get(f"{THREADS}{thread.pk}/change/").status_code == 404
    assert as_supervisor.get(f"{TEXTS}{message.pk}/change/").status_code == 302


def test_threads_in_which_somebody_waits_are_found(as_supervisor):
    waiting = make_thread(waits_since=AT)
    make_thread(waiting.sender, "+14155550124")

    told = page(as_supervisor, THREADS, waits="yes")

    assert "555-0123" in told
    assert "555-0124" not in told


def test_what_could_not_be_fetched_is_fetched_when_somebody_says_so(as_supervisor):
    media = make_media(failure="broke off", attempts=20)
    address = f"{THREADS}media/{media.pk}/fetch"

    assert "Fetch it again" in page(as_supervisor, f"{THREADS}{media.message.thread_id}/change/")
    assert as_supervisor.get(address).status_code == 405
    assert as_supervisor.post(address).status_code == 302
    media.refresh_from_db()
    assert (media.attempts, media.retry_at is not None) == (0, True)


def test_nothing_is_changed_here(as_supervisor):
    thread = make_thread()

    assert as_supervisor.get(f"{THREADS}add/").status_code == 404
    assert as_supervisor.post(f"{THREADS}{thread.pk}/delete/").status_code == 403


@pytest.mark.parametrize("address", [THREADS, TEXTS])
@pytest.mark.parametrize("many", [2, 20])
def test_a_list_costs_so_many_statements(as_supervisor, address, many, django_assert_max_num_queries):
    first = make_thread()
    for number in range(many):
        make_received(make_thread(first.sender, f"+1415555{number:04}", queue=make_queue()))

    with django_assert_max_num_queries(16):
        page(as_supervisor, address)
