"""The words fit into the columns that keep them, and into the log that must know them."""

import pytest

from compliance.models import AccessEntry, Consent, Policy, RetentionRule
from compliance.policies import NO, TOLD
from compliance.states import Access, Answer, Begins, Direction, Kept, Mode, Party, Subject, Withdrawal


@pytest.mark.parametrize(
    ("words", "model", "column"),
    [
        (Subject, Policy, "subject"),
        (Direction, Policy, "direction"),
        (Begins, Policy, "begins"),
        (Mode, Policy, "consent"),
        (Withdrawal, Policy, "withdrawal"),
        (Mode, Consent, "mode"),
        (Party, Consent, "party"),
        (Answer, Consent, "answer"),
        (Access, AccessEntry, "action"),
        (Kept, RetentionRule, "kind"),
    ],
)
def test_every_word_fits_its_column_and_can_be_chosen(words, model, column):
    field = model._meta.get_field(column)

    assert max(len(word) for word in words) <= field.max_length
    assert {value for value, _label in field.choices} == {word.value for word in words}


def test_an_answer_is_a_yes_a_no_or_none():
    assert TOLD | NO | {Answer.SILENT} == set(Answer)
    assert not TOLD & NO
