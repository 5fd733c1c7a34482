from datetime import timedelta

from recordings.actions.sharing import LONGEST_SHARE
from recordings.forms import LASTS, ShareForm


def test_a_link_is_offered_for_minutes_to_thirty_days() -> None:
    spans = [span for span, _words in LASTS.values()]

    assert (min(spans), max(spans)) == (timedelta(minutes=15), LONGEST_SHARE)


def test_the_choice_is_a_span() -> None:
    form = ShareForm({"reason": "A complaint", "lasts": "7d"})

    assert form.is_valid()
    assert form.span == timedelta(days=7)
