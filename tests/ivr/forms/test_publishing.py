"""What somebody writes when they publish, or decide about what others have proposed."""

from datetime import timedelta

import pytest
from django.utils.timezone import localtime, now

from ivr.forms.publishing import DecisionForm, NoteForm


def test_who_publishes_at_once_has_to_write_nothing():
    form = NoteForm({})

    assert form.is_valid()
    assert form.cleaned_data == {"note": "", "publish_at": None, "despite": ""}


@pytest.mark.parametrize(("hours", "fits"), [(-1, False), (1, True)])
def test_a_time_has_to_be_to_come(hours, fits):
    moment = localtime(now() + timedelta(hours=hours))

    form = NoteForm({"publish_at": f"{moment:%Y-%m-%dT%H:%M}"})

    assert form.is_valid() == fits
    assert fits or form.errors["publish_at"] == ["This time is over. Leave it empty to publish at once."]


@pytest.mark.parametrize(("what", "fits"), [("approve", True), ("decline", False), ("withdraw", True)])
def test_only_who_declines_has_to_say_why(what, fits):
    assert DecisionForm(what, {"reason": ""}).is_valid() == fits
    assert DecisionForm(what, {"reason": "Too long."}).is_valid()
