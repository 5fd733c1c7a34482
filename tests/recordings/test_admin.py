from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import User
from compliance.models import AccessEntry
from recordings import actions, worklist
from recordings.actions import Listener
from recordings.models import Mailbox, MissedCall, Recording, Return, Voicemail
from recordings.ranges import Part
from recordings.states import State
from recordings.worklist import Asked, Status
from tests.agents.factories import ready_agent
from tests.calls.factories import AT, make_call
from tests.recordings.factories import (
    make_mailbox,
    make_missed,
    make_recording,
    make_stored,
    make_transcript,
    make_user,
    make_voicemail,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("any_hour")]

WORK = "/admin/recordings/voicemail/do/"
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


def seen(status: Status = Status.OPEN) -> str:
    """The first row of all mailboxes, as its form would bring it."""
    keys = list(Mailbox.objects.values_list("pk", flat=True))
    return str(worklist.read(User.objects.latest("pk"), Asked(status=status), mailboxes=keys, at=AT).rows[0].seen)


def press(client: Client, verb: str, one: str = "", **fields: Any) -> str:
    """Press a button of a row and give the page that comes then, with what it says."""
    answer = client.post(WORK, {"press": f"{verb} {one}".strip(), **fields}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_buttons_move_a_row(root: Client) -> None:
    voicemail = make_voicemail()
    missed = make_missed(voicemail.mailbox)

    for verb, status, is_taken in (
        ("take", "new", True),
        ("release", "new", False),
        ("done", "done", True),
        ("reopen", "heard", True),
    ):
        press(root, verb, seen(Status.DONE if verb == "reopen" else Status.OPEN))
        for message in (voicemail, missed):
            message.refresh_from_db()
            assert (message.taken_by is not None) == is_taken
        assert (voicemail.status, missed.is_done) == (status, status == "done")


def test_one_voicemail_is_marked_as_heard_or_new(root: Client) -> None:
    voicemail = make_voicemail()

    for status in ("heard", "new"):
        root.post(reverse("admin:recordings_voicemail_mark", args=[voicemail.pk, status]))
        voicemail.refresh_from_db()
        assert voicemail.status == status


def test_buttons_are_no_links(root: Client) -> None:
    voicemail = make_voicemail()

    assert root.get(WORK).status_code == 405
    assert root.get(reverse("admin:recordings_voicemail_mark", args=[voicemail.pk, "heard"])).status_code == 405
    assert root.get(reverse("admin:recordings_recording_retry", args=[voicemail.recording.pk])).status_code == 405


@pytest.mark.parametrize("verb", ["", "explode", "delete x"])
def test_what_is_no_button_is_refused(root: Client, verb: str) -> None:
    assert root.post(WORK, {"press": verb}).status_code == 403


def test_who_is_slower_is_told_who_was_faster(root: Client) -> None:
    make_voicemail()
    row, bob = seen(), make_user("bob")
    actions.take(worklist.find(row, mailboxes=Mailbox.objects.values_list("pk", flat=True)), by=bob)  # type: ignore[arg-type]

    told = press(root, "done", row)

    assert "Sales: bob looks after it." in told
    assert Voicemail.objects.get().status == "new"


def test_a_row_that_is_gone_or_nonsense_is_told(root: Client) -> None:
    make_voicemail()
    row = seen()
    Voicemail.objects.all().delete()

    assert "not there any more" in press(root, "done", row)
    assert "not there any more" in press(root, "done", "nonsense")


@pytest.mark.parametrize("status", ["new", "explode"])
def test_a_move_that_cannot_be_is_told(root: Client, status: str) -> None:
    voicemail = make_voicemail(status="done")

    answer = root.post(reverse("admin:recordings_voicemail_mark", args=[voicemail.pk, status]), follow=True)

    assert "cannot become that" in answer.content.decode()


def test_many_rows_are_done_or_passed_on_at_once(root: Client) -> None:
    colleague = make_user("ben", "recordings.change_voicemail")
    for n in range(3):
        make_voicemail(make_mailbox(f"Box {n}")).mailbox.members.add(colleague)
    keys = list(Mailbox.objects.values_list("pk", flat=True))

    def chosen() -> list[str]:
        page = worklist.read(colleague, Asked(), mailboxes=keys, at=AT)
        return [str(row.seen) for row in page.rows]

    assert "3 callers were passed on: ben." in press(root, "assign", row=chosen(), to=str(colleague.pk))
    assert set(Voicemail.objects.values_list("taken_by", flat=True)) == {colleague.pk}
    assert "Choose a colleague first." in press(root, "assign", row=chosen()[:1], to="")
    Voicemail.objects.update(taken_by=None)

    press(root, "done", row=chosen())

    assert set(Voicemail.objects.values_list("status", flat=True)) == {"done"}


def test_who_does_not_work_on_a_mailbox_is_given_nothing_of_it(root: Client) -> None:
    make_voicemail()
    stranger = make_user("stranger")

    told = press(root, "assign", seen(), to=str(stranger.pk))

    assert "stranger does not work on Sales." in told


def test_after_a_press_the_page_is_where_it_was_pressed(root: Client) -> None:
    voicemail = make_voicemail()

    from_list = root.post(f"{WORK}?status=new&q=415", {"press": f"take {seen()}"})
    from_page = root.post(WORK, {"press": f"take {seen()}", "back": str(voicemail.pk)})
    from_nonsense = root.post(WORK, {"press": f"take {seen()}", "back": "https://elsewhere.example"})

    assert from_list["Location"] == f"{VOICEMAILS}?status=new&q=415"
    assert from_page["Location"] == f"{VOICEMAILS}{voicemail.pk}/change/"
    assert from_nonsense["Location"] == VOICEMAILS


def test_who_may_only_look_moves_nothing(client: Client) -> None:
    voicemail = make_voicemail()
    client.force_login(make_user("ann", "recordings.view_voicemail", "recordings.see_every_mailbox"))

    assert client.post(WORK, {"press": f"done {seen()}"}).status_code == 403
    assert client.post(reverse("admin:recordings_voicemail_mark", args=[voicemail.pk, "heard"])).status_code == 403
    for address in (VOICEMAILS, f"{VOICEMAILS}{voicemail.pk}/change/"):
        assert 'name="press"' not in page(client, address)


def test_nobody_works_on_a_mailbox_that_they_do_not_see(client: Client) -> None:
    voicemail = make_voicemail()
    client.force_login(make_user("ann", *AGENT))
    row = seen()

    assert "not there any more" in press(client, "done", row)
    answer = client.post(reverse("admin:recordings_voicemail_mark", args=[voicemail.pk, "heard"]))
    assert answer.status_code == 403
    voicemail.refresh_from_db()
    assert voicemail.status == "new"


def test_who_may_not_see_voicemails_has_no_list(client: Client) -> None:
    client.force_login(make_user("ann"))

    assert client.get(VOICEMAILS).status_code == 403


def test_voicemails_are_found_by_number_status_and_mailbox(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_recording(call=make_call(from_number="+14155550123")))
    make_mailbox("Support")
    key = str(voicemail.pk)

    assert key in page(root, VOICEMAILS, q="(415) 555-0123")
    assert key not in page(root, VOICEMAILS, q="212 555 0000")
    assert key in page(root, VOICEMAILS, status="new", mailbox=str(voicemail.mailbox.pk), held="nobody", order="oldest")
    assert key not in page(root, VOICEMAILS, status="done")
    assert "Nobody fits what you asked for." in page(root, VOICEMAILS, held="me")
    assert key in page(root, VOICEMAILS, status="nonsense", mailbox="nonsense", page="-1", held="nonsense")


def test_the_list_says_what_was_said_and_how_much_there_is(root: Client) -> None:
    mailbox = make_mailbox()
    voicemail = make_voicemail(mailbox, make_stored(), language="es-US")
    make_transcript(voicemail, "Call me, <please>.")
    make_missed(mailbox)

    shown = page(root, VOICEMAILS)

    assert "“Call me, &lt;please&gt;.”" in shown
    assert "1 message, 1 missed call since" in shown
    assert "Spanish" in shown


def test_who_reads_what_was_said_is_in_the_log(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_stored())
    make_transcript(voicemail, "Please call me.")

    page(root, VOICEMAILS)
    page(root, VOICEMAILS)
    page(root, f"{VOICEMAILS}{voicemail.pk}/change/")

    read = AccessEntry.objects.filter(action="read", subject_id=str(voicemail.recording.pk))
    assert [entry.who for entry in read] == ["root", "root"]  # the list once, the page each time


def test_long_lists_have_pages(root: Client) -> None:
    mailbox = make_mailbox()
    for number in range(27):
        make_voicemail(mailbox, make_recording(call=make_call(from_number=f"+1415555{number:04}")))

    assert "Page 1 of 2" in page(root, VOICEMAILS)
    assert page(root, VOICEMAILS, page="2").count("work-row") == 2


def test_calling_back_is_offered_to_an_agent_with_a_phone(client: Client) -> None:
    mailbox = make_mailbox()
    ann = make_user("ann", *AGENT, "calls.view_numbers")
    mailbox.members.add(ann)
    make_voicemail(mailbox)
    client.force_login(ann)
    assert "Call back" not in page(client, VOICEMAILS)

    agent = ready_agent("Ann", account=ann, at=timezone.now())
    assert "Call back" in page(client, VOICEMAILS)
    assert "Your phone rings." in press(client, "call", seen())

    attempt = Return.objects.get()
    assert (attempt.agent, attempt.number) == (agent, "+14155550123")
    assert "You are calling now." in page(client, VOICEMAILS)
    assert "You are on a call" in press_another(client, mailbox)


def press_another(client: Client, mailbox: Mailbox) -> str:
    make_voicemail(mailbox, make_recording(call=make_call(from_number="+14155550188")), left_at=AT + timedelta(hours=1))
    return press(client, "call", seen())


def test_without_a_phone_that_can_ring_the_page_says_where_one_is(client: Client) -> None:
    mailbox = make_mailbox()
    ann = make_user("ann", *AGENT)
    mailbox.members.add(ann)
    make_voicemail(mailbox)
    ready_agent("Ann", account=ann, at=AT)  # whose desk fell silent long ago
    client.force_login(ann)

    assert "Open your desk" in page(client, VOICEMAILS)
    assert "no phone that can ring now" in press(client, "call", seen())


def test_the_page_of_a_voicemail_has_the_player_the_call_and_who_listened(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_stored())
    played(voicemail.recording, make_user("listener"))

    shown = page(root, f"{VOICEMAILS}{voicemail.pk}/change/")

    assert reverse("recording-audio", args=[voicemail.recording.pk]) in shown
    assert reverse("admin:calls_call_change", args=[voicemail.call.pk]) in shown
    assert "listener" in shown


def test_the_page_of_a_voicemail_has_all_that_was_said_and_the_others_of_its_number(root: Client) -> None:
    voicemail = make_voicemail(make_mailbox(), make_stored(), language="en-US")
    other = make_voicemail(voicemail.mailbox, make_stored())
    lines = [
        {"start": 0.0, "end": 1.5, "speaker": "caller", "text": "First words.", "confidence": 0.9},
        {"start": 1.5, "end": 2.5, "speaker": "caller", "text": "Last words.", "confidence": 0.2},
    ]
    make_transcript(voicemail, "First words. Last words.", segments=lines)

    shown = page(root, f"{VOICEMAILS}{voicemail.pk}/change/")

    assert "First words." in shown
    assert "Last words." in shown
    assert f"{VOICEMAILS}{other.pk}/change/" in shown
    assert "2 messages since" in shown
    assert "English" in shown


def test_the_page_of_what_is_done_can_open_it_again(root: Client) -> None:
    voicemail = make_voicemail()
    press(root, "done", seen())

    shown = page(root, f"{VOICEMAILS}{voicemail.pk}/change/")

    assert 'value="reopen ' in shown
    assert 'value="done ' not in shown


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
