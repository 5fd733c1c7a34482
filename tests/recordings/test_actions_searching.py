import pytest

from recordings import actions
from recordings.actions import Listener
from recordings.actions.searching import fingerprint
from recordings.search import reading
from recordings.search.reading import Filters
from recordings.search.words import parse
from tests.calls.factories import AT
from tests.recordings.factories import EVERYWHERE, make_user
from tests.recordings.listening import conversation, logged, sensitive_queue
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db


def test_what_is_shown_for_a_reason_is_logged_with_it_and_the_search_last() -> None:
    ann = make_user("ann", *EVERYWHERE)
    open_one, sensitive = say("A refund"), say("A refund", recording=conversation(sensitive_queue()))
    actions.give_reason(sensitive.recording, by=ann, reason="a complaint", of_original=False, at=AT)
    filters = Filters(language="en")
    page = reading.page(ann, parse("refund"), filters, after=None, at=AT)

    actions.note_search(page, "refund", filters, listener=Listener(ann, "192.0.2.7"), at=AT)

    read, searched = logged("action", "subject", "subject_id", "reason", "detail", "address")
    assert read[:4] == ("read", "recording", str(sensitive.recording.pk), "a complaint")
    assert searched[:4] == ("searched", "transcripts", "all", "")
    assert set(searched[4].pop("recordings")) == {str(open_one.recording.pk), str(sensitive.recording.pk)}
    assert searched[4] == {
        "words": fingerprint("refund"),
        "filters": {"language": "en"},
        "withheld": 0,
        "found": 2,
        "goes_on": False,
    }
    assert searched[5] == read[5] == "192.0.2.7"


def test_a_fingerprint_is_the_same_for_the_same_words_and_hangs_on_the_secret_of_this_place(settings) -> None:
    first = fingerprint("Jane Roe")

    assert fingerprint("  jane\troe ") == first
    assert fingerprint("jane doe") != first
    assert fingerprint(" ") == ""
    settings.SECRET_KEY = "another"
    assert fingerprint("Jane Roe") != first
