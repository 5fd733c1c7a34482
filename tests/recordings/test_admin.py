from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import User
from recordings import actions
from recordings.actions import Listener
from recordings.models import Mailbox, MissedCall, Recording, Voicemail
from recordings.ranges import Part
from recordings.states import State
from tests.calls.factories import AT, make_call
from tests.recordings.factories import make_mailbox, make_recording, make_stored, make_user, make_voicemail

pytestmark = pytest.mark.django_db

VOICEMAILS, RECORDINGS = "/admin/recordings/voicemail/", "/admin/recordings/recording/"
MAILBOXES, MISSED = "/admin/recordings/mailbox/", "/admin/recordings/missedcall/"

AGENT = ("recordings.view_voicemail", "recordings.change_voicemail", "recordings.view_recording")


@pytest.fixture
def root(client: Client) -> Client:
    client.force_login(make_user("root", is_superuser=True))
    return client


def played(recording: Recording, by: User) -> None:
    listener, copy = Listener(by, "192.0.2.7"), recording.copies.get()
    actions.note_play(recording, copy, Part(0, copy.size), listener=listener, at=AT)


def page(client: Client, address: str, **query: str) -> str:
    response = client.get(address, query)
    assert response.status_code == 200
    return response.content.decode()


def test_agents_see_the_voicemails_of_their_mailboxes_alone(client: Client) -> None:
    agent, sales, support = make_user("ann", *AGENT), make_mailbox("Sales"), make_mailbox("Support")
    sales.members.add(agent)
    mine, other = make_voicemail(sales, make_stored()), make_voicemail(support, make_stored())
    client.force_login(agent)

    shown = page(client, VOICEMAILS)

    assert str(mine.pk) in shown
    assert reverse("recording-audio", args=[mine.recording.pk]) in shown
    assert str(other.pk) not in shown
    assert "Support" not in shown
    assert client.get(f"{VOICEMAILS}{other.pk}/change/").status_code == 302
    assert str(other.recording.pk) not in page(client, RECORDINGS)


def test_who_sees_every_mailbox_without_the_right_to_listen_gets_no_player(client: Client) -> None:
    client.force_login(make_user("ann", "recordings.view_voicemail", "recordings.see_every_mailbox"))
    voicemail = make_voicemail(make_mailbox(), make_stored(call=make_call(from_number="+14155550123")))

    for shown in (page(client, VOICEMAILS), page(client, f"{VOICEMAILS}{voicemail.pk}/change/")):
        assert "<audio" not in shown
        assert "+1415****123" in shown
        assert "0123" not in shown.replace("****123", "")


def test_the_buttons_move_a_voicemail(root: Client) -> None:
    voicemail = make_voicemail()

    for verb, status, is_taken in (
        ("take", "new", True),
        ("heard", "heard", True),
        ("release", "heard", False),
        ("done", "done", True),
        ("heard", "heard", True),
    ):
        answer = root.post(reverse("admin:recordings_voicemail_work", args=[voicemail.pk, verb]))
        assert answer.status_code == 302
        voicemail.refresh_from_db()
        assert (voicemail.status, voicemail.taken_by is not None) == (status, is_taken)


def test_buttons_are_no_links(root: Client) -> None:
    voicemail = make_voicemail()

    assert root.get(reverse("admin:recordings_voicemail_work", args=[voicemail.pk, "done"])).status_code == 405
    assert root.get(reverse("admin:recordings_recording_retry", args=[voicemail.recording.pk])).status_code == 405


def test_a_voicemail_that_another_has_taken_is_not_taken_away(root: Client) -> None:
    voicemail = make_voicemail()
    actions.take(voicemail, by=make_user("bob"))

    answer = root.post(reverse("admin:recordings_voicemail_work", args=[voicemail.pk, "take"]), follow=True)

    voicemail.refresh_from_db()
    assert voicemail.taken_by is not None
    assert voicemail.taken_by.username == "bob"
    assert "bob has taken the voicemail" in answer.content.decode()


@pytest.mark.parametrize("verb", ["new", "explode"])
def test_a_move_that_cannot_be_is_told(root: Client, verb: str) -> None:
    voicemail = make_voicemail(status="done")

    answer = root.post(reverse("admin:recordings_voicemail_work", args=[voicemail.pk, verb]), follow=True)

    assert "cannot become that" in answer.content.decode()


def test_many_voicemails_are_marked_at_once(root: Client) -> None:
    voicemails = [make_voicemail(make_mailbox(f"Box {n}")) for n in range(3)]

    root.post(VOICEMAILS, {"action": "mark_done", "_selected_action": [str(v.pk) for v in voicemails]})

    assert set(Voicemail.objects.values_list("status", flat=True)) == {"done"}


def test_who_may_only_look_moves_nothing(client: Client) -> None:
    voicemail = make_voicemail()
    client.force_login(make_user("ann", "recordings.view_voicemail", "recordings.see_every_mailbox"))

    assert client.post(reverse("admin:recordings_voicemail_work", args=[voicemail.pk, "done"])).status_code == 403
    assert (
        "<button"
        not in page(client, f"{VOICEMAILS}{voicemail.pk}/change/").split("cc-panel", 1)[1].split("</section>")[0]
    )


def test_voicemails_are_found_by_number_status_and_mailbox(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_recording(call=make_call(from_number="+14155550123")))
    key = str(voicemail.pk)

    assert key in page(root, VOICEMAILS, q="(415) 555-0123")
    assert key not in page(root, VOICEMAILS, q="212 555 0000")
    assert key in page(root, VOICEMAILS, status__exact="new", mailbox__id__exact=str(voicemail.mailbox.pk))
    assert key not in page(root, VOICEMAILS, status__exact="done")


def test_the_page_of_a_voicemail_has_the_player_the_call_and_who_listened(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_stored())
    played(voicemail.recording, make_user("listener"))

    shown = page(root, f"{VOICEMAILS}{voicemail.pk}/change/")

    assert reverse("recording-audio", args=[voicemail.recording.pk]) in shown
    assert reverse("admin:calls_call_change", args=[voicemail.call.pk]) in shown
    assert "listener" in shown


def test_a_failed_recording_is_fetched_again_on_request(root: Client) -> None:
    recording = make_recording(state=State.READY, failure="no audio", attempts=20)
    assert "Try again now" in page(root, f"{RECORDINGS}{recording.pk}/change/")

    root.post(reverse("admin:recordings_recording_retry", args=[recording.pk]))

    recording.refresh_from_db()
    assert recording.attempts == 0
    assert actions.sweep_due(at=timezone.now()) == [recording.pk]


def test_what_fails_is_found_whether_it_is_tried_again_or_not(root: Client) -> None:
    again = make_recording(state=State.READY, failure="no audio", retry_at=AT)
    stuck = make_recording(state=State.STORED, failure="no time", clears=True)
    fine = make_recording(state=State.READY)

    shown = {which: page(root, RECORDINGS, failing=which) for which in ("again", "stuck")}

    found = {
        which: {str(row.pk) for row in (again, stuck, fine) if str(row.pk) in text} for which, text in shown.items()
    }
    assert found == {"again": {str(again.pk)}, "stuck": {str(stuck.pk)}}


def test_retrying_needs_the_right_to_listen(client: Client) -> None:
    recording = make_recording(state=State.READY, failure="no audio")
    client.force_login(make_user("ann", "recordings.view_recording", "recordings.see_every_mailbox"))

    assert client.post(reverse("admin:recordings_recording_retry", args=[recording.pk])).status_code == 403


def test_a_mailbox_is_set_up(root: Client) -> None:
    member = make_user("ann")

    answer = root.post(
        f"{MAILBOXES}add/",
        {"name": "Sales", "members": [member.pk], "addressees": "a@example.com", "tell_missed": "on"},
    )

    assert answer.status_code == 302
    mailbox = Mailbox.objects.get()
    assert (mailbox.addresses, mailbox.tell_missed, list(mailbox.members.all())) == (["a@example.com"], True, [member])


def test_a_mailbox_with_voicemails_is_not_deleted(root: Client) -> None:
    voicemail = make_voicemail()

    root.post(f"{MAILBOXES}{voicemail.mailbox.pk}/delete/", {"post": "yes"})

    assert Mailbox.objects.exists()


def fill(number: int) -> None:
    for n in range(number):
        make_voicemail(make_mailbox(f"Box {Mailbox.objects.count()} {n}"), make_stored(b"x"))
        MissedCall.objects.create(mailbox=Mailbox.objects.order_by("pk")[0], call=make_call(), at=AT)
        played(make_stored(b"x"), make_user(f"user{Mailbox.objects.count()}"))


@pytest.mark.parametrize("address", [VOICEMAILS, RECORDINGS, MAILBOXES, MISSED])
def test_lists_ask_as_much_for_many_rows_as_for_one(root: Client, address: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            page(root, address)
        return len(counted)

    fill(1)
    one = queries()
    fill(5)

    assert queries() == one


@pytest.mark.parametrize("address", [VOICEMAILS, RECORDINGS, MISSED])
def test_nobody_adds_or_deletes_what_is_mirrored(root: Client, address: str) -> None:
    fill(1)
    row: Any = {VOICEMAILS: Voicemail, MISSED: MissedCall}.get(address)

    assert root.get(f"{address}add/").status_code == 403
    if row:
        assert root.post(f"{address}{row.objects.get().pk}/delete/", {"post": "yes"}).status_code == 403
        assert row.objects.exists()


def test_pages_of_single_rows_open(root: Client) -> None:
    fill(1)
    missed, voicemail = MissedCall.objects.get(), Voicemail.objects.get()

    page(root, f"{MISSED}{missed.pk}/change/")
    page(root, f"{RECORDINGS}{voicemail.recording.pk}/change/")
    page(root, f"{MAILBOXES}{voicemail.mailbox.pk}/change/")
