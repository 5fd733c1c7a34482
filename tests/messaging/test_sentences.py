"""Whoever reads why a text was not sent reads words."""

import pytest

from messaging import sentences
from messaging.states import Rule


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_a_sentence(rule):
    assert sentences.of_rule(rule).endswith(".")


def test_what_twilio_said_is_told():
    assert sentences.of_rule(Rule.REFUSED, sentences.of_error("21408")) == (
        "Twilio refused it. Texts to that country are not allowed in Twilio's settings."
    )
    assert sentences.of_error("12345") == "Twilio's error 12345."
    assert sentences.of_error("") == ""
