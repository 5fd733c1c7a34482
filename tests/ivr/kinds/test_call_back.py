from typing import Any

import pytest

from ivr.kinds.base import Keys, Silence
from ivr.kinds.requests import AskCallBack, Hush
from telephony.twiml import Redirect
from tests.ivr.factories import END, ENGLISH, URLS, Walk, make_document, make_step, wordings

OURS, CALLER = "+14155550100", "+14155550123"
PROMPTS = {role: role for role in ("confirm", "key_in", "stored", "present", "wrong")}
TEXTS = {
    "confirm": wordings("We call {number} & you press 1."),
    "key_in": wordings("Key a number."),
    "stored": wordings("We will call you."),
    "present": wordings("You are waiting already."),
    "wrong": wordings("Not this number."),
}


def walk(caller: str = CALLER, voice: str = ENGLISH[1], **settings: Any) -> Walk:
    exits = {"stored": "bye", "refused": "no", "failed": "again"}
    step = make_step("call_back", exits=exits, prompts=PROMPTS, queue="7", settings=settings)
    document = make_document(
        {"back": step, "bye": END, "no": END, "again": END}, texts=TEXTS, languages=(("en-US", voice),)
    )
    return Walk(document, caller=caller, own_number=OURS)


def noted(walk: Walk, word: str) -> Walk:
    """Go on with what became of the request, as the next request finds it."""
    progress = walk.position.to_json()["progress"] | {"noted": word}
    walk.position = walk.position.from_json(walk.position.to_json() | {"progress": progress})
    return walk.be_silent()


def test_the_callers_number_is_read_digit_by_digit():
    asked = walk()

    assert asked.said == [
        'We call <say-as interpret-as="digits">14155550123</say-as> &amp; you press 1.',
    ]
    assert asked.gather.num_digits == 1


def test_a_voice_without_markup_reads_the_digits_one_by_one():
    assert walk(voice="man").said == ["We call 1, 4, 1, 5, 5, 5, 5, 0, 1, 2, 3 & you press 1."]


def test_nothing_is_promised_before_it_is_stored():
    asked = walk().press("1")

    assert asked.outcome.requests == (AskCallBack("7", CALLER, "en-US"),)
    assert asked.verbs == (Redirect(URLS.resume),)
    assert noted(asked, "stored").said == ["We will call you."]
    assert asked.left_by == ["stored"]


@pytest.mark.parametrize(
    ("word", "said", "way"),
    [
        ("present", ["You are waiting already."], "stored"),
        ("refused", ["Not this number."], "refused"),
        ("failed", [], "failed"),
        (CALLER, [], "failed"),
    ],
)
def test_what_became_of_it_tells_the_way(word, said, way):
    asked = noted(walk().press("1"), word)

    assert (asked.said, asked.left_by) == (said, [way])


@pytest.mark.parametrize("digits", ["4155550199", "14155550199", "01114155550199", "+14155550199"])
def test_another_number_can_be_keyed_and_is_read_back(digits):
    asked = walk().press("2")
    assert asked.said == ["Key a number."]
    assert asked.gather.finish_on_key == "#"

    asked.press(digits)

    assert "14155550199" in asked.said[0]
    assert asked.press("1").outcome.requests == (AskCallBack("7", "+14155550199", "en-US"),)


@pytest.mark.parametrize(
    "caller", ["anonymous", "", "client:ann", "sip:ann@company.example", "+4930123456", "+18765550123", "+1"]
)
def test_who_cannot_be_called_is_asked_for_a_number(caller):
    assert walk(caller).said == ["Key a number."]


def test_other_countries_are_called_where_the_step_says_so():
    assert "4930123456" in walk("+4930123456", countries="US, DE").said[0]


@pytest.mark.parametrize("heard", [Keys("+4930123456"), Keys("1"), Keys("*#"), Silence()])
def test_after_so_many_tries_the_caller_goes_on(heard):
    asked = walk("anonymous", max_tries=2)

    assert asked.hear(heard).said == ["Not this number.", "Key a number."]
    assert asked.hear(heard).left_by == ["refused"]
    assert asked.outcome.requests == (Hush(over=True),)


def test_who_says_neither_yes_nor_no_is_asked_again():
    again = walk(max_tries=2).be_silent()

    assert "14155550123" in again.said[0]
    assert again.press("5").left_by == ["refused"]


def test_numbers_are_kept_out_of_the_history():
    asked = walk().press("2").press("4155550199")

    assert "•" in asked.events("pressed")[0]["digits"]


def test_countries_that_are_none_are_told():
    document = make_document({"back": make_step("call_back", settings={"countries": "US, XX"})})

    assert [problem.code for problem in document.steps["back"].problems()] == ["unknown_country"]
