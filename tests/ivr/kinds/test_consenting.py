"""What is shared by the steps that ask for consent; how each of them goes on is in their own tests."""

import pytest

from ivr.kinds.base import Consents, Keys, Silence, Speech
from ivr.kinds.requests import Notice, Wording
from tests.ivr.factories import Walk, make_document, make_step

QUESTION = Notice(3, asks=True, wordings=(Wording("May we?", "en-US", 7),))


@pytest.mark.parametrize("heard", [Keys("7"), Keys("12"), Speech("yes"), Silence()])
@pytest.mark.parametrize(("kind", "key"), [("consent", "talk:"), ("voicemail", "voicemail")])
def test_only_the_two_keys_are_answers(kind, key, heard):
    walk = Walk(make_document({"ask": make_step(kind)}), consents={key: Consents((QUESTION,))})

    walk.hear(heard)

    assert walk.step == "ask"
    assert walk.outcome.requests == ()
    assert walk.position.progress.silences == 1
    assert walk.said == ["May we?"]


def test_a_voice_of_the_flow_says_it():
    walk = Walk(make_document({"ask": make_step("consent")}), consents={"talk:": Consents((QUESTION,))})

    (said,) = walk.gather.prompts
    assert (said.voice, said.language) == ("Polly.Joanna-Neural", "en-US")
