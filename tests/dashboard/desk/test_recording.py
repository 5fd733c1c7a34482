"""The sign of the recording at the desk: what Twilio has confirmed, in words, with what may be pressed now."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.utils import timezone

from agents.roles import SUPERVISOR
from compliance.models import Scope
from compliance.states import Answer, Begins, Mode
from conferences.models import Conference, Participant, Room
from conferences.room import Role
from conferences.states import LegState
from dashboard.desk.recording import OFFS, PAUSES, SIGNS, shown
from dashboard.desk.viewer import Viewer
from recordings.now import Now
from recordings.recorder import PauseReason, RecorderState, RecorderWish
from recordings.sign import Off, Sign
from tests.agents.factories import ready_agent, user
from tests.compliance.rows import entry, policy
from tests.dashboard.desk.factories import conversation, panel
from tests.recordings.recorders import pause, recorder

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(ann):
    conference, mine, _caller, _entry = conversation(ann, leg=LegState.JOINED)
    Scope.objects.create(call=conference.customer, number="+15005550100", direction="inbound")
    return conference, mine


def sign(desk):
    """Give what the sign says, and the presses beside it."""
    text = panel(desk, "talk")
    found = re.search(r'<section class="tape is-(\w+)(?: is-quiet)?" id="recording-sign".*?</section>', text, re.DOTALL)
    if not found:
        return None
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.group(0).partition('<form class="tape-presses"')[0]))
    presses = re.findall(r'/desk/do/([\w-]+)"|data-dialog="([\w-]+)"', found.group(0))
    return found.group(1), words.strip(), [one or other for one, other in presses]


def ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def running(talk, *, state=RecorderState.RUNNING, seconds=30, by=None, **fields):
    conference, _mine = talk
    by = by or policy(consent=Mode.NONE)
    return recorder(conference.customer, by, state, wanted_at=ago(seconds), began_at=ago(seconds), **fields)


def test_a_call_without_a_policy_has_a_quiet_sign(desk, talk):
    text = panel(desk, "talk")

    assert sign(desk) == ("off", "Not recorded: no policy covers this call", [])
    assert "is-quiet" in text
    assert 'data-announce="Not recorded' not in text


def test_a_recording_is_told_loudly_with_how_long_and_can_be_paused(desk, talk):
    running(talk)

    tone, words, presses = sign(desk)

    assert (tone, presses) == ("on", ["pause-recording", "withdraw"])
    assert re.fullmatch(r"Recording 0:3\d", words)
    assert 'data-announce="Recording."' in panel(desk, "talk")


def test_a_pause_that_twilio_has_not_confirmed_says_that_it_still_records(desk, talk, ann):
    one = running(talk, wants=RecorderWish.PAUSED)
    pause(one, "agent", 0, by=ann.user, due_at=timezone.now() + timedelta(seconds=120))

    tone, words, _presses = sign(desk)

    assert tone == "on"
    assert words.startswith("Pausing… still recording: card details")


def test_a_pause_says_why_by_whom_and_when_it_goes_on(desk, talk, ann):
    one = running(talk, state=RecorderState.PAUSED)
    due = timezone.now() + timedelta(seconds=100)
    one.pauses.create(reason="agent", by=ann.user, since=ago(20), due_at=due)

    tone, words, presses = sign(desk)

    assert (tone, presses) == ("paused", ["resume-recording", "withdraw"])
    assert re.fullmatch(r"Paused: card details 0:2\d Paused by you\. Goes on by itself in 1:(40|39|38)", words)


def test_who_else_has_paused_is_named(desk, talk):
    one = running(talk, state=RecorderState.PAUSED)
    one.pauses.create(reason="agent", by=user(username="kim"), since=ago(20), due_at=timezone.now())

    assert "Paused by kim." in sign(desk)[1]


def test_on_hold_nothing_runs_down_by_itself(desk, talk):
    one = running(talk, state=RecorderState.PAUSED)
    one.pauses.create(reason="hold", since=ago(20))

    tone, words, presses = sign(desk)

    assert re.fullmatch(r"Paused: the caller is on hold 0:2\d", words)
    assert (tone, presses) == ("paused", ["pause-recording", "withdraw"])


@pytest.mark.parametrize(
    ("answer", "words", "press"),
    [
        (None, "Not recorded: the caller has not agreed", "agree"),
        (Answer.REFUSED, "Not recorded: the caller does not want it", "agree"),
        (Answer.AGREED, "Not recorded: it begins with the talk", "withdraw"),
    ],
)
def test_why_nothing_is_recorded_is_told_and_what_the_caller_says_can_be_noted(desk, talk, answer, words, press):
    made = policy(consent=Mode.ASK_ONE)
    if answer:
        entry(talk[0].customer, made, answer)

    assert sign(desk) == ("off", words, [press])
    assert f'data-announce="{words}."' in panel(desk, "talk")


def test_where_the_policy_leaves_it_to_the_agent_it_can_be_started_and_ended(desk, talk):
    made = policy(consent=Mode.NONE, begins=Begins.PRESS)
    before = sign(desk)
    running(talk, by=made)

    assert before == ("off", "Not recorded: you may start it", ["start-recording", "withdraw"])
    assert sign(desk)[2] == ["pause-recording", "stop-recording", "withdraw"]


def test_a_supervisor_sees_the_sign_and_presses_nothing(client, talk):
    running(talk)
    sue = ready_agent("Sue", account=user(SUPERVISOR), at=timezone.now())
    Participant.objects.create(
        conference=talk[0],
        role=Role.SUPERVISOR,
        agent=sue,
        endpoint="browser",
        address="client:sue",
        state=LegState.JOINED,
        wanted_at=timezone.now(),
    )
    client.force_login(sue.user)

    tone, _words, presses = sign(client)

    assert (tone, presses) == ("on", [])


def test_a_room_and_a_call_whose_customer_is_yet_to_be_rung_have_no_sign(desk, talk):
    policy(consent=Mode.NONE)
    Conference.objects.filter(pk=talk[0].pk).update(customer=None)
    alone = sign(desk)
    Conference.objects.filter(pk=talk[0].pk).update(room=Room.objects.create(name="Team", host_pin="1234"))

    assert (alone, sign(desk)) == (None, None)


def test_every_state_has_words_and_no_two_buttons_share_a_key_or_a_place(ann):
    assert set(SIGNS) == set(Sign)
    assert set(OFFS) == set(Off)
    assert set(PAUSES) == set(PauseReason)
    viewer = Viewer(ann, ann.user, timezone.now())
    for flags in product([False, True], repeat=6):
        names = ("may_pause", "may_resume", "may_start", "may_stop", "may_withdraw", "may_agree")
        made = shown(viewer, Now(Sign.RECORDING, **dict(zip(names, flags, strict=True))), presses=True)
        assert len({one.key for one in made.buttons}) == len({one.slot for one in made.buttons}) == len(made.buttons)
