"""The page that searches in transcripts."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from agents.roles import AGENT, SUPERVISOR
from recordings.search import finding
from recordings.search.reading import PAGE
from telephony import numbers
from tests.agents import factories as people
from tests.calls.factories import AT, make_call
from tests.ivr import rows
from tests.queues.factories import make_queue
from tests.recordings.factories import EVERYWHERE, make_mailbox, make_user
from tests.recordings.listening import conversation, logged, sensitive_queue, team_of
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db

SEARCH = "/admin/recordings/search/"


def client_of(*permissions: str, name: str = "ann") -> Client:
    client = Client()
    client.force_login(make_user(name, *permissions))
    return client


@pytest.fixture
def ann() -> Client:
    return client_of("recordings.view_recording", *EVERYWHERE)


def shown(client: Client, **query: str) -> str:
    response = client.get(SEARCH, query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_page_begins_with_the_form_and_finds_and_logs_nothing(ann: Client) -> None:
    say("A refund")

    page = shown(ann)

    assert 'name="q"' in page
    assert "A refund" not in page
    assert "found-title" not in page
    assert logged() == []


def test_a_result_says_who_and_when_and_plays_from_the_second(ann: Client) -> None:
    agent = people.agent("Bob")
    recording = conversation(make_queue("Orders"), agent=agent, call=make_call(from_number="+12025550123"))
    say("Hello.", "My <b>refunds</b> & more", recording=recording)

    page = shown(ann, q="refund")

    address = reverse("admin:recordings_recording_change", args=[recording.pk])
    assert f'href="{address}?t=10.00#t=10.00"' in page
    assert "0:10" in page
    assert "<mark>refunds</mark>" in page
    assert "<b>" not in page.split("search-results")[1]
    assert "Orders" in page.split("search-results")[1]
    assert str(agent) in page.split("search-results")[1]
    assert "555" not in page.split("search-results")[1]
    assert "These are all." in page


def test_who_may_see_numbers_sees_the_whole_one() -> None:
    say("A refund", recording=conversation(call=make_call(from_number="+12025550123")))

    assert numbers.show("+12025550123") in shown(client_of(*EVERYWHERE, "calls.view_numbers"), q="refund")


def test_the_text_of_a_sensitive_queue_is_hidden_until_a_reason_is_given(ann: Client) -> None:
    said = say("My refund", recording=conversation(sensitive_queue()))
    before = shown(ann, q="refund")
    address = reverse("recording-reason", args=[said.recording.pk])

    assert "<mark>" not in before
    assert f'action="{address}"' in before
    assert logged() == ["searched"]
    response = ann.post(address, {"reason": "a complaint", "next": f"{SEARCH}?q=refund"})
    assert response.headers["Location"] == f"{SEARCH}?q=refund"
    assert "<mark>refund</mark>" in shown(ann, q="refund")
    assert logged("action", "reason")[1:] == [("read", "a complaint"), ("searched", "")]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": '"flat tire'}, "A quotation mark is missing"),
        ({"q": "-tire"}, "Say at least one word that is there"),
        ({"q": "x" * 300}, "That is too long. At most 200 characters"),
        ({"q": "flat NEAR"}, "NEAR stands between two words"),
        ({"q": "the"}, "Every sentence has such words."),
        ({"q": "tire", "number": "12"}, "Write the whole number"),
        ({"q": "tire", "since": "yesterday"}, "Enter a valid date."),
        ({"q": "tire", "since": "2026-03-02", "until": "2026-03-01"}, "This is before the first day."),
        ({"q": "tire", "since": "0001-01-01"}, "greater than or equal to"),
        ({"q": "tire", "until": "9999-12-31"}, "less than or equal to"),
        ({"q": "tire", "queue": "999"}, "Select a valid choice."),
        ({"q": "tire", "agent": "0" * 32}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_looked_for_is_said_and_nothing_typed_is_lost(
    ann: Client, query: dict[str, str], sentence: str
) -> None:
    say("A flat tire")

    page = shown(ann, **query)

    assert sentence in page
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert f'value="{query["q"].replace(chr(34), "&quot;")}"' in page
    assert "search-results" not in page
    assert logged() == []


def test_days_are_whole_in_the_time_zone_of_the_person(ann: Client) -> None:
    say("Late refund", recorded_at=AT.replace(hour=23, minute=30))  # the day after, in Tokyo
    ann.cookies["time_zone"] = "Asia/Tokyo"
    day = AT.date()

    assert "Nothing was found" in shown(ann, q="refund", since=str(day), until=str(day))
    assert "<mark>" in shown(ann, q="refund", since=str(day + timedelta(days=1)), until=str(day + timedelta(days=1)))


def test_a_number_is_found_however_it_is_written(ann: Client) -> None:
    say("A refund", recording=conversation(call=make_call(from_number="+12025550123")))

    for number in ("+12025550123", "(202) 555-0123", "+1 202 555 0123"):
        assert "<mark>" in shown(ann, q="refund", number=number)
    assert "Nothing was found" in shown(ann, q="refund", number="+12025550124")


def test_nothing_found_says_what_else_to_try(ann: Client) -> None:
    assert "Nothing was found in the transcripts that you may read." in shown(ann, q="refund")
    assert "Take a filter away." in shown(ann, q="refund", language="", subject="voicemail")


def test_older_ones_follow_with_the_same_words_and_filters(ann: Client) -> None:
    for number in range(PAGE + 1):
        say(f"Refund number {number}", recorded_at=AT - timedelta(minutes=number))

    first = ann.get(SEARCH, {"q": "refund", "subject": "conversation"}).context
    second = ann.get(SEARCH + first["older"]).context

    assert len(first["results"]) == PAGE
    assert [one["lines"][0].text for one in second["results"]] == [f"Refund number {PAGE}"]
    assert second["older"] == ""
    assert second["newest"] == "?q=refund&subject=conversation"


def test_the_log_knows_a_search_by_its_fingerprint_and_what_it_showed(ann: Client) -> None:
    said = say("A refund for Jane Roe")
    withheld = say("A refund for Jane Roe", recording=conversation(sensitive_queue()))
    assert withheld.recording.pk != said.recording.pk

    shown(ann, q="Jane  REFUND", since="2020-01-01")
    shown(ann, q="jane refund", number="+12025550123")

    first, second = logged("action", "subject", "detail")
    assert first[:2] == ("searched", "transcripts")
    assert first[2]["recordings"] == [str(said.recording.pk)]
    assert (first[2]["withheld"], first[2]["found"], first[2]["goes_on"]) == (1, 2, False)
    assert first[2]["filters"] == {"since": "2020-01-01 00:00:00+00:00"}
    assert first[2]["words"] == second[2]["words"]
    assert "jane" not in str(first).lower()
    assert "555" not in str(second)


def test_who_may_not_listen_may_not_search() -> None:
    assert client_of("recordings.view_recording").get(SEARCH).status_code == 403
    assert Client().get(SEARCH).status_code == 302


def test_members_of_a_mailbox_search_in_it() -> None:
    client, agent = Client(), rows.person(AGENT)
    client.force_login(agent)
    assert client.get(SEARCH).status_code == 403

    make_mailbox().members.add(agent)

    assert "Nothing was found" in shown(client, q="refund")


def test_a_supervisor_may_choose_what_is_in_reach_alone() -> None:
    client, person = Client(), rows.person(SUPERVISOR)
    client.force_login(person)
    mine, other = make_queue("Mine", team=team_of("Mine", person)), make_queue("Other", team=team_of("Other"))

    assert "Other" not in shown(client).split("search-form")[1].split("</form>")[0]
    assert "Nothing was found" in shown(client, q="refund", queue=str(mine.pk))
    assert "Select a valid choice." in shown(client, q="refund", queue=str(other.pk))


def test_the_page_takes_the_same_queries_for_one_result_and_for_twenty(ann: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(ann, q="refund")
        return len(captured)

    say("A refund")
    shown(ann, q="refund")
    one = queries()
    for _ in range(PAGE):
        say("A refund", recording=conversation(agent=people.agent()))

    assert queries() <= one <= 22


def test_the_page_is_kept_nowhere(ann: Client) -> None:
    assert "no-store" in ann.get(SEARCH, {"q": "x"}).headers["Cache-Control"]


def test_a_search_that_is_not_through_says_how_far_it_has_come(ann: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(finding, "READ_AT_FIRST", 3)
    for number in range(6):
        say("The tire is flat", recorded_at=AT - timedelta(days=number))
    say("A flat tire", recorded_at=AT - timedelta(days=9))

    first = ann.get(SEARCH, {"q": '"flat tire"'})
    text = " ".join(first.content.decode().split())

    assert "Nothing yet." in text
    assert f"looked through back to {date_format(AT - timedelta(days=2), 'j F Y, H:i')}" in text
    assert "Look further back" in text
    assert "<mark>flat</mark>" in ann.get(SEARCH + first.context["older"]).content.decode()
