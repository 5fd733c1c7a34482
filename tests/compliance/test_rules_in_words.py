import pytest

from compliance.rules_in_words import KINDS, MEANINGS, scope_of, sentence
from compliance.states import Kept


@pytest.mark.parametrize("kind", list(Kept))
def test_every_kind_has_words(kind):
    assert str(KINDS[kind]) in sentence(kind, 30, queue="Sales").lower().replace("twilio", "Twilio")
    assert str(MEANINGS[kind])


@pytest.mark.parametrize(
    ("words", "given"),
    [
        ("All recordings go after 30 days.", {"days": 30}),
        ("All recordings go after 1 day.", {"days": 1}),
        ("All recordings are kept until somebody deletes them.", {"days": None}),
        ("Recordings of the queue Sales go after 7 days.", {"days": 7, "queue": "Sales"}),
        (
            "Recordings of the number +1 415-555-0123 and the team North go after 7 days.",
            {"days": 7, "number": "+14155550123", "team": "North"},
        ),
    ],
)
def test_a_rule_is_said_in_a_sentence(words, given):
    assert sentence(Kept.RECORDING, **given) == words


def test_a_rule_for_everything_names_no_scope():
    assert scope_of() == ""


def test_a_sentence_fits_into_a_column_whatever_things_are_called():
    assert len(sentence(Kept.RECORDING, 30, queue="Q" * 200, team="T" * 200)) == 255
