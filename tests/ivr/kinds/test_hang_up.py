import pytest

from telephony.twiml import Hangup
from tests.ivr.factories import Walk, make_document, make_step


@pytest.mark.parametrize("reason", ["completed", "closed", "abuse", "other"])
def test_the_call_ends_with_its_reason(reason):
    walk = Walk(make_document({"bye": make_step("hang_up", settings={"reason": reason}, prompts={"goodbye": "bye"})}))

    assert walk.said == ["bye in English."]
    assert walk.verbs[-1] == Hangup()
    assert walk.ending == reason
    assert walk.events("ended") == [{"reason": reason}]


def test_a_goodbye_is_not_needed():
    assert Walk(make_document({"bye": make_step("hang_up")})).verbs == (Hangup(),)
