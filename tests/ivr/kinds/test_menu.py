from typing import Any

import pytest

from telephony.twiml import Gather, Redirect
from tests.ivr.factories import URLS, Walk, make_document, make_step, option, wordings

OPTIONS = [
    option("Sales", "1", "sales", "buy something"),
    option("Support", "2", "support", "sales support"),
    option("Billing", "", "bill"),
]
ROLES = {"greeting": "greeting", "no_input": "nothing", "wrong": "wrong"}


def make_menu(
    *options: dict[str, Any], prompts: dict[str, str] = ROLES, language: str = "en-US", **settings: Any
) -> Walk:
    chosen = list(options) or OPTIONS
    names = ["no_input", "wrong_input", *(row["exit"] for row in chosen)]
    menu = make_step(
        "menu", options=chosen, prompts=prompts, settings=settings, exits={name: f"to {name}" for name in names}
    )
    # each exit leads to a step of its own, that waits
    ends = {f"to {name}": make_step("collect", prompts={"question": "question"}) for name in names}
    texts = {"confirm": wordings("Did you say {word}?", "¿Dijo {word}?")}
    languages = (("es-US", "Polly.Lupe-Neural"),) if language == "es-US" else (("en-US", "Polly.Joanna-Neural"),)
    return Walk(make_document({"menu": menu, **ends}, texts=texts, languages=languages))


def test_the_greeting_is_said_while_the_menu_listens_and_a_silence_comes_back_to_us():
    walk = make_menu()

    assert [type(verb) for verb in walk.verbs] == [Gather, Redirect]
    assert walk.gather.action == URLS.resume
    assert walk.verbs[-1] == Redirect(URLS.resume)
    assert walk.said == ["greeting in English."]


@pytest.mark.parametrize(
    ("keys", "num_digits", "finish_on_key"),
    [
        (["1", "2"], 1, "#"),
        (["11", "12"], 2, "#"),
        (["1", "22", "333"], 3, "#"),
        (["1", "#"], 1, ""),
        (["1", "*#2"], 3, ""),
    ],
)
def test_how_many_keys_are_awaited_follows_from_the_options(keys, num_digits, finish_on_key):
    gather = make_menu(*(option(f"Option {key}", key) for key in keys)).gather

    assert (gather.num_digits, gather.finish_on_key) == (num_digits, finish_on_key)


def test_speech_is_listened_for_only_where_an_option_has_words():
    by_keys = make_menu(option("One", "1")).gather
    by_words = make_menu(option("One", "1", "one", "first, please"), option("Two", "2")).gather

    assert (by_keys.input, by_keys.hints, by_keys.language, by_keys.barge_in) == ("dtmf", None, None, None)
    assert (by_words.input, by_words.hints, by_words.language) == ("dtmf speech", "one,first please", "en-US")


def test_speech_is_recognized_in_the_language_of_the_caller():
    assert make_menu(option("Uno", "1", "uno"), language="es-US").gather.language == "es-US"


def test_without_barge_in_the_greeting_is_said_before_listening():
    walk = make_menu(barge_in=False)

    assert walk.said == ["greeting in English."]
    assert walk.gather.prompts == ()
    assert walk.gather.barge_in is False


@pytest.mark.parametrize(("keys", "step"), [("1", "to Sales"), ("2", "to Support")])
def test_a_key_chooses(keys, step):
    walk = make_menu().press(keys)

    assert walk.step == step


def test_keys_of_several_lengths_choose_their_own_option():
    options = [option("Short", "1"), option("Long", "12"), option("Hash", "#9")]

    assert [make_menu(*options).press(keys).step for keys in ("1", "12", "#9")] == ["to Short", "to Long", "to Hash"]


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("sales", "to Sales"),
        ("Sales!", "to Sales"),
        ("I want to BUY  something, please.", "to Sales"),
        ("the bill", "to Billing"),
        ("1", "to Sales"),
        # the longest word tells more than a shorter one
        ("sales support", "to Support"),
        # in a sentence, not within a word
        ("billing", "menu"),
        # two options are as good as each other
        ("sales or billy or bill", "to Sales"),
        ("weather", "menu"),
    ],
)
def test_words_choose_wherever_they_stand_in_what_is_said(said, step):
    assert make_menu().speak(said).step == step


def test_words_of_two_options_are_understood_as_neither():
    walk = make_menu(option("One", "1", "red"), option("Two", "2", "tan")).speak("red and tan")

    assert walk.step == "menu"


def test_words_are_compared_without_accents_and_in_scripts_without_spaces():
    assert make_menu(option("Si", "1", "sí, señor")).speak("si senor").step == "to Si"
    assert make_menu(option("Sales", "1", "営業")).speak("営業をお願いします").step == "to Sales"


@pytest.mark.parametrize("confidence", [None, 0.5, 0.9])
def test_a_word_is_taken_when_it_is_sure_enough_or_nothing_is_known_of_that(confidence):
    assert make_menu(threshold=0.5).speak("sales", confidence).step == "to Sales"


def test_an_unsure_word_is_a_wrong_answer_where_there_is_nothing_to_confirm_it_with():
    walk = make_menu().speak("sales", 0.3)

    assert walk.step == "menu"
    assert walk.said == ["wrong in English.", "greeting in English."]


@pytest.mark.parametrize("answer", [lambda walk: walk.press("1"), lambda walk: walk.speak("Yes, please")])
def test_an_unsure_word_is_confirmed_by_key_or_by_yes(answer):
    walk = make_menu(prompts={**ROLES, "confirm": "confirm"}).speak("Support", 0.3)

    assert walk.said == ["Did you say support?"]
    assert answer(walk).step == "to Support"


@pytest.mark.parametrize(
    "answer", [lambda walk: walk.press("2"), lambda walk: walk.speak("no"), lambda walk: walk.be_silent()]
)
def test_what_is_not_confirmed_is_a_wrong_answer(answer):
    walk = make_menu(prompts={**ROLES, "confirm": "confirm"}).speak("sales", 0.3)

    answer(walk)

    assert walk.said == ["wrong in English.", "greeting in English."]
    assert walk.position.progress.mistakes == 1


def test_yes_is_understood_in_the_language_of_the_caller():
    walk = make_menu(option("Uno", "1", "ventas"), language="es-US", prompts={**ROLES, "confirm": "confirm"}).speak(
        "ventas", 0.1
    )

    assert walk.said == ["¿Dijo ventas?"]
    assert walk.speak("Sí").step == "to Uno"


def test_silence_and_wrong_answers_are_told_apart_counted_apart_and_left_by_their_own_exits():
    walk = make_menu(max_silences=2, max_mistakes=3)

    assert walk.be_silent().said == ["nothing in English.", "greeting in English."]
    assert walk.press("7").said == ["wrong in English.", "greeting in English."]
    assert walk.press("8").step == "menu"
    assert walk.be_silent().left_by == ["no_input"]


def test_too_many_wrong_answers_leave_by_their_exit():
    walk = make_menu(max_mistakes=2).press("7").press("8")

    assert walk.left_by == ["wrong_input"]
    assert walk.step == "to wrong_input"


def test_prompts_that_are_not_there_are_not_said():
    walk = make_menu(prompts={"greeting": "greeting"})

    assert walk.be_silent().said == ["greeting in English."]
    assert walk.press("7").said == ["greeting in English."]


def test_hints_stay_within_what_twilio_takes():
    words = [f"word number {number} {'x' * 20}" for number in range(600)]

    hints = make_menu(option("One", "1", "short", "y" * 101, *words)).gather.hints

    assert hints is not None
    assert len(hints) <= 3000
    assert max(map(len, hints.split(","))) <= 100
