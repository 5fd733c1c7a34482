import pytest

from telephony.twiml import Hangup, Reject
from tests.ivr.factories import Walk, make_document, make_step


@pytest.mark.parametrize("reason", ["rejected", "busy"])
def test_a_call_that_has_heard_nothing_is_refused(reason):
    walk = Walk(make_document({"no": make_step("reject", settings={"reason": reason})}))

    assert walk.verbs == (Reject(reason),)
    assert walk.ending == reason


def test_a_call_that_has_heard_something_can_only_be_hung_up():
    steps = {"hi": make_step("message", prompts={"message": "hi"}, exits={"next": "no"}), "no": make_step("reject")}

    assert Walk(make_document(steps)).verbs[-1] == Hangup()
