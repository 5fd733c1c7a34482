from typing import Any

import pytest

from ivr.kinds.requests import SendText
from telephony.twiml import Redirect
from tests.ivr.factories import END, ENGLISH, URLS, Walk, make_document, make_step, wordings

CALLER = "+14155550123"
PROMPTS = {"text": "text", "sent": "sent"}
TEXTS = {"text": wordings("Our address: 1 Main Street."), "sent": wordings("It is on its way.")}


def walk(caller: str = CALLER, texts: Any = TEXTS, **step: Any) -> Walk:
    exits = {"sent": "bye", "not_possible": "no"}
    made = make_step("text", exits=exits, prompts=PROMPTS, **step)
    document = make_document({"text": made, "bye": END, "no": END}, texts=texts, languages=(ENGLISH,))
    return Walk(document, caller=caller, own_number="+14155550100")


def noted(walk: Walk, word: str) -> Walk:
    progress = walk.position.to_json()["progress"] | {"noted": word}
    walk.position = walk.position.from_json(walk.position.to_json() | {"progress": progress})
    return walk.be_silent()


def test_nothing_is_said_before_it_is_known_whether_it_may_be_sent():
    asked = walk(queue="7")

    assert asked.outcome.requests == (SendText("7", "Our address: 1 Main Street.", "en-US"),)
    assert asked.verbs == (Redirect(URLS.resume),)
    assert noted(asked, "sent").said == ["It is on its way."]
    assert asked.left_by == ["sent"]


@pytest.mark.parametrize("word", ["refused", ""])
def test_who_cannot_be_texted_goes_another_way(word):
    assert noted(walk(), word).left_by == ["not_possible"]


@pytest.mark.parametrize("caller", ["anonymous", "+266696687", "client:ann", "sip:ann@example.com"])
def test_who_has_no_number_is_not_texted(caller):
    asked = walk(caller)

    assert asked.left_by == ["not_possible"]
    assert asked.outcome.requests == ()


def test_without_a_written_text_nothing_is_sent():
    assert walk(texts={"text": {}}).left_by == ["not_possible"]


def test_markup_is_for_the_ear():
    asked = walk(texts={"text": wordings("Call <emphasis>us</emphasis>.")})

    assert asked.outcome.requests[0].text == "Call us."
