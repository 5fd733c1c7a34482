import pytest

from ivr.kinds.requests import AskCallBack, AskSource, Hush, JoinQueue, NoteMissed, Request, SendText, TakeVoicemail
from ivr.trial.conditions import Conditions
from ivr.trial.diary import Diary
from ivr.trial.requesting import note_request
from ivr.trial.supposed import Supposed
from tests.ivr.factories import END
from tests.ivr.trial.tries import MONDAY, a_world


@pytest.mark.parametrize(
    ("request_", "is_left", "told"),
    [
        (TakeVoicemail("1", "RE1", 9, "en-US"), True, [("message", "Front desk")]),
        (NoteMissed("1"), True, [("missed", "Front desk")]),
        (JoinQueue("1", "en-US", 0, ""), False, [("joined", "Sales")]),
        (JoinQueue("1", "en-US", 0, ""), True, []),
        (AskCallBack("1", "+14155550123", "en-US"), False, [("called back", "stored")]),
        (AskSource("1", "ask", 3, "en-US", (), ()), False, [("asked", "CRM")]),
        (SendText("", "Hello", "en-US"), False, [("texted", "Hello")]),
        (Hush(), False, []),
    ],
)
def test_what_a_request_does_is_told_in_its_step(request_: Request, is_left: bool, told: list[tuple[str, str]]) -> None:
    diary = Diary()

    supposed = Supposed(a_world({"end": END}), Conditions(MONDAY))
    note_request(diary, supposed, request_, ("1", "9"), is_left=is_left)

    assert [(moment.what, moment.text) for moment in diary.moments] == told
    assert all((moment.flow, moment.step) == ("1", "9") for moment in diary.moments)
