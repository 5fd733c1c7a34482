import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from calls.models import Call, EventKind
from ivr.models import Flow, Version, Visit
from tests.calls.factories import AT, make_call, make_event
from tests.recordings.factories import EVERYWHERE, make_mailbox, make_stored, make_user, make_voicemail

pytestmark = pytest.mark.django_db

LIST = "/admin/calls/call/"


@pytest.fixture
def seer(client: Client) -> Client:
    client.force_login(make_user("ann", "calls.view_call", "calls.view_numbers"))
    return client


@pytest.fixture
def blind(client: Client) -> Client:
    client.force_login(make_user("bob", "calls.view_call"))
    return client


def page_of(call: Call) -> str:
    return reverse("admin:calls_call_change", args=[call.pk])


def make_story() -> Call:
    call = make_call(status="completed", ended_at=AT, seconds=40, answered_at=AT)
    leg = {"line": "Main line", "flow": "Reception", "version": 4}
    make_event(call, EventKind.BEGAN, **leg)
    make_event(call, EventKind.ENTERED, 0, step="1", name="Main menu", kind="menu", flow=1)
    make_event(call, EventKind.HEARD, 0, text="Press 1 for sales.", language="en-US", voice="Polly.Joanna")
    make_event(call, EventKind.ANSWERED, 0, twiml="<Response><Dial>+14155550188</Dial></Response>")
    make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
    make_event(call, EventKind.RANG, 6, targets=["+14155550188"])
    make_event(call, EventKind.SPOKE, 9, step="1", text="ring 415 555 0199", confidence=0.9)
    make_call(parent=call, direction="outbound-dial", to_number="+14155550188", status="no-answer")
    return call


def test_the_page_tells_the_story_of_a_call(seer: Client) -> None:
    page = seer.get(page_of(make_story())).content.decode()

    for words in (
        "+1 415-555-0123",
        "Main line",
        "Reception",
        "version 4",
        "Main menu",
        "Press 1 for sales.",
        "&lt;Dial&gt;",
        '<kbd class="call-key">1</kbd>',
        "+1 415-555-0188",
        "no-answer",
        "40 s",
    ):
        assert words in page


def test_the_page_names_the_version_it_began_with_and_the_one_it_came_to(client: Client) -> None:
    client.force_login(make_user("ann", "calls.view_call", "ivr.view_flow"))
    call = make_story()
    flow = Flow.objects.create(name="Support")
    version = Version.objects.create(flow=flow, number=7, document={}, published_at=AT)
    Visit.objects.create(call=call, version=version, position={}, began_at=AT)

    page = client.get(page_of(call)).content.decode()

    assert "Reception, version 4" in page
    assert f'href="{reverse("admin:ivr_flow_version", args=[flow.pk, 7])}">Support, version 7' in page


def test_who_may_not_see_numbers_sees_none_anywhere_on_the_page(blind: Client) -> None:
    page = blind.get(page_of(make_story())).content.decode()

    for number in ("4155550123", "415-555-0123", "4155550188", "415-555-0188", "415 555 0199"):
        assert number not in page
    assert "+1415****123" in page


def test_the_list_shows_numbers_to_those_who_may_see_them(client: Client) -> None:
    make_call(from_number="+14155550123")

    for user, words in (
        (make_user("ann", "calls.view_call", "calls.view_numbers"), "+1 415-555-0123"),
        (make_user("bob", "calls.view_call"), "+1415****123"),
    ):
        client.force_login(user)
        page = client.get(LIST).content.decode()
        assert words in page
        assert ("555-0123" in page) is (user.username == "ann")


@pytest.mark.parametrize("text", ["4155550123", "(415) 555-0123", "CA00", "0123"])
def test_the_list_is_searched_by_number_and_sid(seer: Client, text: str) -> None:
    make_call(from_number="+14155550123")

    assert "415-555-0123" in seer.get(LIST, {"q": text}).content.decode()
    assert "415-555-0123" not in seer.get(LIST, {"q": "2125550000"}).content.decode()


def test_the_list_leaves_out_the_legs_unless_asked_for(seer: Client) -> None:
    leg = make_call(parent=make_call(), direction="outbound-dial", to_number="+14155550188")

    def is_listed(**query: str) -> bool:
        return str(leg.pk) in seer.get(LIST, query).content.decode()

    assert not is_listed()
    assert is_listed(direction="any")
    assert is_listed(direction="outbound-dial")
    assert not is_listed(direction="inbound")
    assert is_listed(q=leg.sid)


@pytest.mark.parametrize(("status", "listed"), [("live", True), ("in-progress", True), ("completed", False)])
def test_the_list_is_filtered_by_status(seer: Client, status: str, listed: bool) -> None:
    call = make_call(status="in-progress")

    assert (str(call.pk) in seer.get(LIST, {"status": status}).content.decode()) is listed


def test_the_list_is_filtered_by_flow(seer: Client) -> None:
    flow = Flow.objects.create(name="Reception")
    version = Version.objects.create(flow=flow, number=1, document={}, published_at=AT)
    other = Flow.objects.create(name="Elsewhere")
    call = make_call()
    Visit.objects.create(call=call, version=version, position={}, began_at=AT)

    def is_listed(flow: Flow) -> bool:
        return str(call.pk) in seer.get(LIST, {"visit__version__flow__id__exact": flow.pk}).content.decode()

    assert is_listed(flow)
    assert not is_listed(other)


@pytest.mark.parametrize(
    ("first", "last", "listed"),
    [
        ("2026-03-02", "", True),
        ("2026-03-03", "", False),
        ("", "2026-03-02", True),
        ("", "2026-03-01", False),
        ("2026-03-02", "2026-03-02", True),
        ("nonsense", "", True),
    ],
)
def test_the_list_is_filtered_by_days_both_whole(seer: Client, first: str, last: str, listed: bool) -> None:
    call = make_call(started_at=AT)
    days = {"started_at_from": first, "started_at_to": last}

    assert (str(call.pk) in seer.get(LIST, days).content.decode()) is listed


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as counted:
        assert client.get(address).status_code == 200
    return len(counted)


def test_the_list_asks_as_much_for_many_calls_as_for_one(seer: Client) -> None:
    make_call()
    one = queries(seer, LIST)
    for _ in range(10):
        make_call()

    assert queries(seer, LIST) == one


def test_the_page_asks_as_much_for_a_long_call_as_for_a_short_one(seer: Client) -> None:
    call = make_story()
    short = queries(seer, page_of(call))
    for _ in range(30):
        make_event(call, EventKind.HEARD, 1, text="Again", language="en-US")
        make_call(parent=call, direction="outbound-dial")

    assert queries(seer, page_of(call)) == short


def test_a_recording_can_be_played_by_those_who_may_hear_it(client: Client) -> None:
    call = make_call()
    voicemail = make_voicemail(make_mailbox(), make_stored(call=call))
    address = reverse("recording-audio", args=[voicemail.recording.pk])
    client.force_login(make_user("ann", "calls.view_call", *EVERYWHERE, "recordings.view_voicemail"))
    page = client.get(page_of(call)).content.decode()
    assert address in page
    assert reverse("admin:recordings_voicemail_change", args=[voicemail.pk]) in page

    client.force_login(make_user("bob", "calls.view_call"))
    page = client.get(page_of(call)).content.decode()
    assert address not in page
    assert "You may not hear this recording." in page


def test_a_live_call_asks_for_its_page_again_and_an_ended_one_does_not(seer: Client) -> None:
    assert 'hx-select="#call"' in seer.get(page_of(make_call())).content.decode()
    assert 'hx-select="#call"' not in seer.get(page_of(make_call(status="completed"))).content.decode()


def test_nothing_in_the_page_is_written_as_code(seer: Client) -> None:
    call = make_call(caller_name="<script>alert(1)</script>")
    make_event(call, EventKind.SPOKE, text="<img src=x onerror=alert(1)>", confidence=None)

    page = seer.get(page_of(call)).content.decode()

    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_nobody_adds_changes_or_deletes_a_call(client: Client) -> None:
    client.force_login(make_user("root", is_superuser=True))
    call = make_call()

    assert client.get(f"{LIST}add/").status_code == 403
    assert client.get(f"{LIST}{call.pk}/delete/").status_code == 403
    assert client.post(page_of(call), {"status": "failed"}).status_code in {200, 405}
    call.refresh_from_db()
    assert call.status == "in-progress"


def test_who_may_not_see_calls_sees_none(client: Client) -> None:
    client.force_login(make_user("bob"))

    assert client.get(LIST).status_code == 403
    assert client.get(page_of(make_call())).status_code == 403


def test_a_call_that_is_not_there_leads_back(seer: Client) -> None:
    assert seer.get(f"{LIST}7d6c1b1e-0000-4000-8000-000000000000/change/").status_code == 302
