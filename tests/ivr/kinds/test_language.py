import pytest

from telephony.twiml import Say
from tests.ivr.factories import END, Walk, make_document, make_step, option

OPTIONS = [option("English", "1", "English", language="en-US"), option("Spanish", "2", "Español", language="es-US")]


def make_choice(**settings: int) -> Walk:
    choice = make_step(
        "language",
        options=OPTIONS,
        settings=settings,
        prompts={"greeting": "choose", "wrong": "wrong"},
        exits={"English": "hi", "Spanish": "hi", "no_choice": "hi"},
    )
    steps = {
        "choice": choice,
        "hi": make_step("message", prompts={"message": "hello"}, exits={"next": "bye"}),
        "bye": END,
    }
    return Walk(make_document(steps))


def test_the_greeting_is_said_in_each_language_by_its_own_voice():
    assert make_choice().gather.prompts == (
        Say("choose in English.", voice="Polly.Joanna-Neural", language="en-US"),
        Say("choose in Spanish.", voice="Polly.Lupe-Neural", language="es-US"),
    )


@pytest.mark.parametrize("choose", [lambda walk: walk.press("2"), lambda walk: walk.speak("espanol")])
def test_a_language_is_chosen_by_key_or_by_word_and_spoken_from_then_on(choose):
    walk = choose(make_choice())

    assert walk.left_by[0] == "Spanish"
    assert walk.said == ["hello in Spanish."]
    assert walk.position.language == "es-US"


def test_who_chooses_nothing_hears_the_first_language():
    walk = make_choice(max_tries=2).be_silent()
    assert walk.said == ["choose in English.", "choose in Spanish."]

    walk.press("9")

    assert walk.left_by[0] == "no_choice"
    assert walk.said == ["hello in English."]


def test_after_a_wrong_answer_the_words_for_it_come_first_in_each_language():
    walk = make_choice(max_tries=3).press("9")

    assert walk.said == ["wrong in English.", "wrong in Spanish.", "choose in English.", "choose in Spanish."]
