from telephony.twiml import Hangup, Play, Say
from tests.ivr.factories import END, URLS, Walk, make_document, make_step, wordings


def test_a_message_is_said_and_the_call_goes_on_in_the_same_answer():
    walk = Walk(
        make_document({"hi": make_step("message", prompts={"message": "hello"}, exits={"next": "bye"}), "bye": END})
    )

    assert walk.verbs == (Say("hello in English.", voice="Polly.Joanna-Neural", language="en-US"), Hangup())
    assert walk.ending == "completed"


def test_a_sound_is_played_in_place_of_the_text():
    texts = {"hello": wordings() | {"en-US": {"text": "Hello.", "audio": "ab" * 32}}}
    steps = {"hi": make_step("message", prompts={"message": "hello"}, exits={"next": "bye"}), "bye": END}

    walk = Walk(make_document(steps, texts=texts))

    assert walk.verbs[0] == Play(URLS.media + "ab" * 32)
    assert walk.events("heard") == [{"audio": "ab" * 32}]
