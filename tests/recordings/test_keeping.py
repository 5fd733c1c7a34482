from datetime import timedelta

import pytest

from compliance.endings import RulesNow
from compliance.states import Kept, Subject
from recordings import keeping
from recordings.models import Recording
from tests.agents.factories import agent, team
from tests.calls.factories import AT
from tests.compliance.keepers import OURS, make_queue, make_rule
from tests.retention import rows

pytestmark = pytest.mark.django_db


def days(recording: Recording, kind: Kept | None = None) -> int | None:
    at = keeping.ending(recording, RulesNow.read(), kind=kind).at
    return None if at is None else (at - recording.announced_at).days


def test_what_a_recording_does_not_say_itself_its_call_says():
    sales = make_queue(team=team())
    make_rule(Kept.RECORDING, 1)
    make_rule(Kept.RECORDING, 2, team=sales.team)
    make_rule(Kept.RECORDING, 3, queue=sales)
    make_rule(Kept.RECORDING, 4, number=OURS)

    assert days(rows.recording()) == 1
    assert days(rows.recording(agent=agent(team=sales.team))) == 2
    assert days(rows.recording(call=rows.call(queue=sales))) == 3
    assert days(rows.recording(queue=sales)) == 3
    assert days(rows.recording(call=rows.call(number=OURS), queue=sales)) == 4
    assert days(rows.recording(call=None)) == 1


def test_a_message_is_kept_as_a_voicemail_is():
    make_rule(Kept.VOICEMAIL, 7)

    assert days(rows.recording(subject=Subject.VOICEMAIL)) == 7
    assert days(rows.recording()) is None


def test_nothing_of_a_recording_stays_longer_than_itself():
    make_rule(Kept.RECORDING, 30)
    make_rule(Kept.TRANSCRIPT, 90)
    make_rule(Kept.REDACTED, 10)
    recording = rows.recording(0)
    rows.transcript(recording)
    rows.redacted(recording)

    parts = {part.kind: part.ending.at for part in keeping.parts(recording, RulesNow.read())}

    assert parts == {
        Kept.RECORDING: AT + timedelta(days=30),
        Kept.TRANSCRIPT: AT + timedelta(days=30),
        Kept.REDACTED: AT + timedelta(days=10),
    }


def test_of_what_is_deleted_there_is_no_day():
    make_rule(Kept.RECORDING, 30)
    recording = rows.recording(state="deleted")

    assert list(keeping.parts(recording, RulesNow.read())) == []
    assert keeping.day(recording, RulesNow.read()) is None
    assert keeping.day(rows.recording(10), RulesNow.read()) == AT + timedelta(days=20)
