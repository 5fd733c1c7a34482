"""The page of a recording, for whoever may hear it, may not yet, or may not at all."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import Agent, User
from agents.roles import AGENT, AUDITOR, SUPERVISOR
from compliance.states import Subject
from recordings import actions, vault
from recordings.actions import Listener
from recordings.admin import page
from recordings.models import Recording
from recordings.pipeline import Stage
from recordings.ranges import Part
from recordings.speech import transcript as texts
from recordings.states import CopyKind, State
from tests.calls.factories import AT, make_call
from tests.ivr import rows
from tests.queues.factories import make_queue
from tests.recordings.factories import EVERYWHERE, make_mailbox, make_recording, make_stored, make_user, make_voicemail
from tests.recordings.listening import (
    HIDDEN,
    conversation,
    logged,
    make_transcript,
    redacted,
    sensitive_queue,
    team_of,
)

pytestmark = pytest.mark.django_db

VIEW = "recordings.view_recording"
CARD = "4111 1111 1111 1111"
LIST = "/admin/recordings/recording/"


def client_of(*permissions: str, name: str = "ann") -> Client:
    client = Client()
    client.force_login(make_user(name, VIEW, *permissions))
    return client


def shown(client: Client, recording: Recording, **query: str) -> str:
    response = client.get(reverse("admin:recordings_recording_change", args=[recording.pk]), query)
    assert response.status_code == 200
    return response.content.decode()


def text_of(page: str) -> str:
    return " ".join(page.split())


def test_who_may_hear_gets_the_player_and_what_was_said() -> None:
    recording = conversation(speakers=["Customer", "Ann"], state=State.INDEXED)
    make_transcript(recording)

    found = shown(client_of(*EVERYWHERE), recording)

    assert f'src="/recordings/{recording.pk}/audio"' in found
    assert f'data-waves="/recordings/{recording.pk}/waves"' in found
    assert "Hello, it is about my order." in found
    assert 'data-start="1.40"' in found
    assert "not sure" in text_of(found).split("Which one?")[1]
    assert "Channel left" in found
    assert "/original" not in found


def test_opening_the_page_is_no_listening_but_reading_what_was_said_is_logged() -> None:
    silent, spoken = conversation(), conversation(state=State.INDEXED)
    transcript = make_transcript(spoken)
    client = client_of(*EVERYWHERE)

    shown(client, silent)
    shown(client, spoken)

    assert logged("action", "subject_id", "detail") == [("read", str(spoken.pk), {"transcript": str(transcript.pk)})]


def test_who_knows_of_a_recording_without_hearing_it_gets_neither_sound_nor_words() -> None:
    client, recording = Client(), conversation(state=State.INDEXED)
    make_transcript(recording)
    client.force_login(rows.person(AUDITOR))

    found = shown(client, recording)

    assert "You may not hear this recording." in found
    assert "<audio" not in found
    assert "Hello, it is" not in found
    assert "Share by a link" not in found
    assert logged() == []


def test_who_may_not_even_know_of_it_is_led_away() -> None:
    recording = conversation()

    answer = client_of().get(reverse("admin:recordings_recording_change", args=[recording.pk]))

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert str(recording.pk) not in client_of("recordings.listen", name="bob").get(LIST).content.decode()


@pytest.mark.parametrize("redacted_at", [None, AT])
def test_what_was_said_is_not_shown_before_it_is_redacted(redacted_at: Any) -> None:
    recording = conversation(state=State.TRANSCRIBED, transcribes=True)
    make_transcript(recording, redacted_at=redacted_at)

    found = shown(client_of(*EVERYWHERE), recording)

    assert ("Hello, it is" in found) is (redacted_at is not None)
    assert "<audio" not in found
    assert "once it is known what must be hidden" in found


def test_a_sensitive_recording_shows_the_form_until_a_reason_is_given() -> None:
    recording = conversation(sensitive_queue(), state=State.INDEXED)
    make_transcript(recording)
    client = client_of(*EVERYWHERE)

    before = shown(client, recording)
    client.post(f"/recordings/{recording.pk}/reason", {"reason": "A complaint"})
    after = shown(client, recording)

    assert "heard for a reason alone" in before
    assert f'action="/recordings/{recording.pk}/reason"' in before
    assert "<audio" not in before
    assert "Hello, it is" not in before
    assert "<audio" in after
    assert "You hear it for this reason: A complaint" in after
    assert "Hello, it is" in after
    assert logged("action", "reason") == [("read", "A complaint")]


def test_the_original_is_offered_to_those_who_may_and_asks_why() -> None:
    recording = conversation(state=State.INDEXED)
    redacted(recording)
    client = client_of(*EVERYWHERE, "recordings.read_original")

    heard = shown(client, recording)
    asked = shown(client, recording, copy="original")
    client.post(f"/recordings/{recording.pk}/reason", {"reason": "A court", "copy": "original"})
    original = shown(client, recording, copy="original")

    assert "Hear the original" in heard
    assert "Redacted: where something is hidden" in heard
    assert 'name="copy" value="original"' in asked
    assert "<audio" not in asked
    assert f'src="/recordings/{recording.pk}/original"' in original
    assert "You hear it for this reason: A court" in original


def test_the_original_is_offered_to_nobody_else_and_not_where_nothing_is_hidden() -> None:
    plain, hidden = conversation(), conversation()
    redacted(hidden)

    assert "Hear the original" not in shown(client_of(*EVERYWHERE), hidden)
    assert "You may not hear the original" in shown(client_of(*EVERYWHERE, name="bob"), hidden, copy="original")
    reader = client_of(*EVERYWHERE, "recordings.read_original", name="cem")
    assert "Hear the original" not in shown(reader, plain)


def test_what_was_said_is_shown_whole_to_those_who_may_for_a_reason_and_that_is_logged() -> None:
    recording = conversation(state=State.INDEXED)
    redacted(recording)
    transcript = make_transcript(recording)
    line = texts.Segment(start=0.0, end=2.0, speaker="Customer", text=f"It is {CARD}")
    said = texts.Transcript(segments=(line,), language="en", provider="fake", version="1")
    transcript.original, transcript.original_key = vault.seal(texts.to_json(said).encode(), context=transcript.context)
    transcript.save()
    client = client_of(*EVERYWHERE, "recordings.read_original")

    asked = shown(client, recording, copy="original")
    client.post(f"/recordings/{recording.pk}/reason", {"reason": "A court", "copy": "original"})
    whole = shown(client, recording, copy="original")
    other = shown(client_of(*EVERYWHERE, name="bob"), recording, copy="original")

    assert f"It is {CARD}" in whole
    assert "As it was written down" in whole
    assert CARD not in asked + other
    assert logged("action", "reason") == [("read", ""), ("read-original", "A court"), ("read", "")]


def test_a_text_that_cannot_be_opened_says_so() -> None:
    recording = conversation(state=State.INDEXED)
    redacted(recording)
    make_transcript(recording)
    client = client_of(*EVERYWHERE, "recordings.read_original")
    client.post(f"/recordings/{recording.pk}/reason", {"reason": "A court", "copy": "original"})

    assert "What was written down cannot be opened now." in shown(client, recording, copy="original")


def test_a_text_is_made_anew_by_whom_one_chooses() -> None:
    recording = conversation(state=State.INDEXED)
    client = client_of(*EVERYWHERE)
    address = reverse("admin:recordings_recording_transcribe", args=[recording.pk])

    assert "<option>embedded</option>" in shown(client, recording)
    client.post(address, {"provider": "embedded"})

    recording.refresh_from_db()
    assert (recording.transcriber, recording.stage) == ("embedded", Stage.TRANSCRIBE)


@pytest.mark.parametrize("provider", ["deepgram", "nobody", ""])
def test_sound_goes_to_nobody_outside_who_was_not_meant(settings: Any, provider: str) -> None:
    settings.TRANSCRIPTION_PROVIDER, settings.TRANSCRIPTION_API_KEY = "openai", "a-key"
    recording = conversation(state=State.INDEXED)
    client = client_of(*EVERYWHERE)
    address = reverse("admin:recordings_recording_transcribe", args=[recording.pk])

    answer = client.post(address, {"provider": provider}, follow=True).content.decode()

    recording.refresh_from_db()
    assert recording.transcriber == ""
    assert "Choose who is to turn it into text." in answer
    assert "<option>openai</option>" in answer
    assert "<option>deepgram</option>" not in answer


def test_a_text_is_made_anew_for_nobody_who_may_not_hear_it() -> None:
    recording, client = conversation(state=State.INDEXED), Client()
    client.force_login(rows.person(AUDITOR))
    address = reverse("admin:recordings_recording_transcribe", args=[recording.pk])

    assert client.post(address, {"provider": "embedded"}).status_code == 403
    assert client.get(address).status_code == 405
    recording.refresh_from_db()
    assert recording.transcriber == ""


@pytest.mark.parametrize(
    ("text", "second"),
    [("12.5", 12.5), ("0", 0), ("", 0), ("-3", 0), ("nan", 0), ("inf", 0), ("12,5", 0), ('3"><script>', 0), ("1e9", 0)],
)
def test_a_link_leads_to_a_second(text: str, second: float) -> None:
    assert page.moment(text) == second


def test_the_player_stands_at_the_second_of_the_link() -> None:
    recording = conversation()

    assert f'src="/recordings/{recording.pk}/audio#t=12.50"' in shown(client_of(*EVERYWHERE), recording, t="12.5")


def test_the_list_tells_of_the_queue_and_has_a_player_where_there_is_something_to_hear() -> None:
    person = rows.person(SUPERVISOR)
    health, orders = sensitive_queue(person), make_queue("Orders", team=team_of("Sales", person))
    plain, sensitive = conversation(orders), conversation(health)
    waiting = conversation(orders, transcribes=True, state=State.STORED)
    client = Client()
    client.force_login(person)

    found = client.get(LIST).content.decode()

    assert f'src="/recordings/{plain.pk}/audio"' in found
    assert f"/recordings/{sensitive.pk}/audio" not in found
    assert f'href="/admin/recordings/recording/{sensitive.pk}/change/">for a reason' in found
    assert f"/recordings/{waiting.pk}/audio" not in found
    assert "not yet redacted" in found
    assert "Orders" in found


def test_an_agent_sees_a_message_of_a_sensitive_queue_as_asking_why() -> None:
    person, mailbox = rows.person(AGENT), make_mailbox()
    mailbox.members.add(person)
    voicemail = make_voicemail(mailbox, make_stored(queue=sensitive_queue()))
    client = Client()
    client.force_login(person)

    listed = client.get("/admin/recordings/voicemail/").content.decode()
    opened = client.get(f"/admin/recordings/voicemail/{voicemail.pk}/change/").content.decode()

    assert "say why you want to hear it" in listed
    assert "<audio" not in listed + opened
    assert f'name="next" value="/admin/recordings/voicemail/{voicemail.pk}/change/"' in opened


def test_the_page_tells_how_far_a_recording_has_come() -> None:
    recording = conversation(
        state=State.CLEARED, clears=True, transcribes=True, cleared_at=AT, failure="no answer", attempts=3
    )
    Recording.objects.filter(pk=recording.pk).update(stage=Stage.TRANSCRIBE, retry_at=AT)

    found = text_of(shown(client_of(*EVERYWHERE), recording))

    assert "<strong>Stored</strong> <span>done" in found
    assert "<strong>Deleted at Twilio</strong> <span>done" in found
    assert "<strong>Transcribed</strong> <span>has failed, and is tried again" in found
    assert "<strong>Redacted</strong> <span>not yet" in found
    assert "no answer (after 3 tries)" in found
    assert "Try again now" in found


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": State.READY}, "done next later later never never never never"),
        ({"state": State.FETCHED}, "done done next later never never never never"),
        ({"state": State.READY, "stored_at": AT}, "done next later later never never never never"),
        ({"state": State.STORED, "stored_at": AT, "clears": True}, "done done done done next never never never"),
        ({"state": State.STORED, "transcribes": True}, "done done done done never next later later"),
        ({"state": State.INDEXED, "transcribes": True}, "done done done done never later later done"),
        ({"state": State.READY, "failure": "x"}, "done failed later later never never never never"),
        ({"state": State.ABSENT}, "done never"),
        ({"state": State.DELETED}, "done done later"),
        ({"state": State.DELETED, "stored_at": AT, "cleared_at": AT}, "done done done done"),
    ],
)
def test_each_step_says_how_it_stands(fields: dict[str, Any], told: str) -> None:
    assert [step.how for step in page.steps(make_recording(**fields), None)] == told.split()


def test_what_is_deleted_says_by_whom() -> None:
    recording = make_recording(state=State.DELETED, deleted_for="a person", deleted_at=AT)

    assert ("by a person", AT) in [(str(step.words), step.at) for step in page.steps(recording, None)]


def test_the_page_tells_who_had_access() -> None:
    recording = conversation(seconds=300)
    copy = recording.copies.get()
    listener = Listener(make_user("bob"), "192.0.2.7", reason="A complaint")
    actions.note_play(recording, copy, Part(0, copy.size), listener=listener, at=AT)
    actions.note_heard(recording, copy, Part(0, copy.size), listener=listener, at=AT + timedelta(minutes=5))

    found = text_of(shown(client_of(*EVERYWHERE), recording))

    assert "bob heard <span>0:00 to 5:00 of 5:00</span>" in found
    assert "Reason: A complaint" in found
    assert "All of it" not in found
    assert "All of it" in shown(client_of(*EVERYWHERE, "compliance.view_accessentry", name="cem"), recording)


def test_links_are_listed_with_how_they_stand_for_those_who_may_share() -> None:
    recording, at = conversation(), timezone.now()
    sue = make_user("sue", VIEW, *EVERYWHERE, "recordings.share")
    client = Client()
    client.force_login(sue)

    def share(ago: float) -> Any:
        return actions.share(
            recording,
            by=sue,
            reason=f"Reason {ago}",
            lasts=timedelta(hours=1),
            address=None,
            at=at - timedelta(minutes=ago),
        )

    share(61)
    actions.unshare(share(7), by=sue, address=None, at=at)
    share(5)
    found = text_of(shown(client, recording))

    assert [word in found for word in ("Has run out", "Taken back", "Works")] == [True] * 3
    assert found.count("https://contact.example.com/shared/") == 1
    assert found.count("Take it back") == 1
    assert "/shared/" not in shown(client_of(*EVERYWHERE), recording)


def test_files_are_offered_to_those_who_may_take_them() -> None:
    recording = conversation()
    redacted(recording)

    assert "Take it out as a file" not in shown(client_of(*EVERYWHERE), recording)
    plain = shown(client_of(*EVERYWHERE, "recordings.export", name="bob"), recording)
    assert "Take it out as a file" in plain
    assert 'name="original"' not in plain
    reader = client_of(*EVERYWHERE, "recordings.export", "recordings.read_original", name="cem")
    assert 'name="original"' in shown(reader, recording)


def test_the_caller_is_hidden_from_those_who_may_not_see_numbers() -> None:
    recording = conversation(call=make_call(from_number="+14155550123"))

    assert "+1415****123" in shown(client_of(*EVERYWHERE), recording)
    assert "+1 415-555-0123" in shown(client_of(*EVERYWHERE, "calls.view_numbers", name="bob"), recording)


def test_a_recording_of_nothing_known_has_a_page() -> None:
    recording = make_recording(call=None, seconds=None, subject=Subject.AGENT)

    assert "Still being recorded" in shown(client_of(*EVERYWHERE), recording)


def test_nothing_that_people_wrote_becomes_a_part_of_the_page() -> None:
    recording = conversation(state=State.INDEXED, speakers=["<b>x</b>", "Ann"], seconds=60)
    segment = {"start": 0, "end": 1, "speaker": "<b>x</b>", "text": "<script>alert(1)</script>", "confidence": None}
    make_transcript(recording, segments=[segment])

    found = shown(client_of(*EVERYWHERE), recording)

    assert "<script>alert" not in found
    assert "<b>x" not in found


def busy(number: int) -> Recording:
    queue = make_queue(f"Queue {number}", team=team_of("Sales"))
    agent = Agent.objects.create(user=make_user(f"agent{number}"), name="Ann")
    recording = conversation(queue, agent=agent, state=State.INDEXED, hides=True)
    make_transcript(recording, findings=HIDDEN)
    redacted(recording)
    return recording


def test_the_page_asks_as_much_for_a_busy_recording_as_for_a_quiet_one() -> None:
    client = client_of(*EVERYWHERE, "recordings.share", "recordings.export", "recordings.read_original")

    def queries(recording: Recording) -> int:
        with CaptureQueriesContext(connection) as counted:
            shown(client, recording)
        return len(counted)

    quiet, one = busy(1), busy(2)
    first = queries(quiet)
    sharer, copy = User.objects.get(username="ann"), one.copies.get(kind=CopyKind.REDACTED)
    for number in range(5):
        person = make_user(f"person{number}")
        listener = Listener(person, None)
        actions.share(one, by=sharer, reason="Why not", lasts=timedelta(days=1), address=None, at=timezone.now())
        actions.note_heard(one, copy, Part(0, 9), listener=listener, at=AT)

    # a quiet one is asked for links and has none: the rows come with one query either way
    assert queries(one) == first
    assert first <= 45


def test_the_list_asks_as_much_for_many_recordings_as_for_one() -> None:
    client = client_of("recordings.listen", "recordings.see_every_mailbox")
    team = team_of("Sales", User.objects.get(username="ann"))

    def queries() -> int:
        with CaptureQueriesContext(connection) as counted:
            assert client.get(LIST).status_code == 200
        return len(counted)

    conversation(make_queue(team=team))
    one = queries()
    for _ in range(5):
        conversation(make_queue(team=team))

    assert queries() == one
