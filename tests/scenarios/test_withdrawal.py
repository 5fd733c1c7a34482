"""A customer takes consent back in the middle of a talk: what that ends at once, and what goes."""

import pytest

from compliance.models import Consent
from compliance.states import Mode, Withdrawal
from recordings.models import Recorder, Recording
from recordings.states import State
from tests.scenarios.desk import Desk
from tests.scenarios.people import Company
from tests.scenarios.recorded import Watch, policy


@pytest.mark.parametrize(("withdrawal", "deleted"), [(Withdrawal.STOP, False), (Withdrawal.DELETE, True)])
def test_recording_ends_at_once_and_goes_where_the_policy_says_so(desk: Desk, withdrawal: str, deleted: bool) -> None:
    policy(Mode.ANNOUNCE, withdrawal=withdrawal)
    company, watch = Company(desk), Watch(desk, Mode.ANNOUNCE)
    ann = company.agent("Ann")
    _conference, caller, phone = company.talk(ann)
    desk.wait(10)
    assert watch.runs(caller)
    assert "Recording" in ann.sees("talk")

    ann.does("withdraw")
    desk.wait(5)
    assert not watch.runs(caller)
    assert "Not recorded: the caller does not want it" in ann.sees("talk")
    phone.says("What else can I do for you?")
    caller.hears("What else can I do for you?")
    caller.hangs_up()
    company.goes_home()
    desk.wait(130)

    recording = Recording.objects.get()
    assert (recording.state == State.DELETED) == deleted
    assert (recording.purged_at is not None) == deleted
    assert [one.answer for one in Consent.objects.order_by("at")] == ["told", "withdrawn"]
    assert Recorder.objects.get().state == "stopped"
    assert [tape.status for tape in watch.tapes()] == ["deleted" if deleted else "completed"]
    assert watch.wrong == []


def test_who_agrees_again_is_recorded_anew_and_only_the_first_part_goes(desk: Desk) -> None:
    policy(Mode.ANNOUNCE, withdrawal=Withdrawal.DELETE)
    company, watch = Company(desk), Watch(desk, Mode.ANNOUNCE)
    ann = company.agent("Ann")
    _conference, caller, _phone = company.talk(ann)
    desk.wait(10)
    ann.does("withdraw")
    desk.wait(10)

    ann.does("agree")
    desk.wait(10)

    assert watch.runs(caller)
    caller.hangs_up()
    company.goes_home()
    desk.wait(70)
    states = Recording.objects.order_by("announced_at").values_list("state", flat=True)
    assert [state == State.DELETED for state in states] == [True, False]
    assert watch.wrong == []
