from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agents.models import User
from compliance.states import Subject
from recordings import actions
from recordings.models import Transcript
from recordings.search import reading
from recordings.search.reading import PAGE, Filters, Page, Place
from recordings.search.words import Unclear, parse
from tests.agents import factories as people
from tests.calls.factories import AT, make_call
from tests.ivr import rows
from tests.queues.factories import make_queue
from tests.recordings.factories import EVERYWHERE, make_mailbox, make_stored, make_user, make_voicemail
from tests.recordings.listening import conversation, sensitive_queue, team_of
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db

ANYTHING = Filters()


@pytest.fixture
def ann() -> User:
    return make_user("ann", *EVERYWHERE)


def look(user: User, typed: str = "", filters: Filters = ANYTHING, after: Place | None = None) -> Page:
    return reading.page(user, parse(typed), filters, after=after, at=AT)


def found(user: User, typed: str = "", **filters: Any) -> set[Transcript]:
    return {result.transcript for result in look(user, typed, Filters(**filters)).results}


@pytest.mark.parametrize(
    ("typed", "is_found"),
    [
        ("refunds", True),
        ("REFUND tires", True),
        ("refund bicycle", False),
        ('"flat tire"', True),
        ('"tire flat"', False),
        ("flat NEAR refund", True),
        ("refund NEAR flat", True),
        ("hello NEAR gladly", False),
        ("hello gladly", True),
        ("refund -bicycle", True),
        ("refund -gladly", False),
        ('refund -"flat tire"', False),
        ('refund -"tire flat"', True),
        ("", True),
    ],
)
def test_words_phrases_near_and_excluded_ones(ann: User, typed: str, is_found: bool) -> None:
    said = say("Hello, a flat tire.", "Some kind of refund?", "Of course.", "Gladly.")

    assert found(ann, typed) == ({said} if is_found else set())


@pytest.mark.parametrize(
    ("language", "text", "typed"),
    [
        ("en-US", "They were refunding my orders", "refund order"),
        ("de-DE", "Die Rechnungen kamen gestern", "Rechnung kommen"),
        ("de-AT", "Die Häuser", "häusern"),
        ("es-MX", "Las facturas llegaron", "factura llegar"),
        ("pl", "Reklamacja wpłynęła", "reklamacja WPŁYNĘŁA"),
        ("", "Whatever it was", "whatever was"),
    ],
)
def test_each_language_has_its_forms_of_a_word(ann: User, language: str, text: str, typed: str) -> None:
    say("Other", language="fr-FR")
    said = say(text, language=language)

    if (language, typed) != ("de-DE", "Rechnung kommen"):
        assert found(ann, typed) == {said}
    else:  # "kamen" has another stem than "kommen": stems are no dictionary
        assert found(ann, typed) == set()
        assert found(ann, "Rechnung kamen") == {said}


def test_one_search_finds_in_several_languages_and_each_by_its_own_rules(ann: User) -> None:
    german, english = say("Das Angebot war ein Hut", language="de-DE"), say("An Angebot was a hat")
    say("Angebot", language="en-US", is_current=False)

    assert found(ann, "Angeboten") == {german}
    assert found(ann, "Angebot") == {german, english}
    assert found(ann, "hat Angebot") == {english, german}  # in German, "hat" is in every sentence
    assert found(ann, "hat hut") == {german}


def test_words_that_are_everywhere_alone_are_refused(ann: User) -> None:
    say("The refund")

    with pytest.raises(Unclear):
        look(ann, "the")


def test_only_what_is_shown_is_found_redacted_and_current(ann: User) -> None:
    say("A refund", is_current=False)
    say("A refund", redacted_at=None)
    shown = say("A refund")

    assert found(ann, "refund") == found(ann) == {shown}


def test_filters(ann: User) -> None:
    sales, support = make_queue("Sales"), make_queue("Support")
    bob = people.agent("Bob")
    one = say("Hello refund", recording=conversation(sales, agent=bob))
    two = say("Hello refund", recording=conversation(support), recorded_at=AT + timedelta(days=2))
    letter = make_stored(subject=Subject.VOICEMAIL)
    make_voicemail(recording=letter)
    three = say("Hallo refund", recording=letter, language="de-DE", recorded_at=AT - timedelta(days=2))

    for typed in ("refund", ""):
        assert found(ann, typed) == {one, two, three}
        assert found(ann, typed, queue=sales.pk) == {one}
        assert found(ann, typed, agent=bob.pk) == {one}
        assert found(ann, typed, since=AT) == {one, two}
        assert found(ann, typed, until=AT) == {three}
        assert found(ann, typed, since=AT, until=AT + timedelta(days=1)) == {one}
        assert found(ann, typed, subject="voicemail") == {three}
        assert found(ann, typed, language="de") == {three}
        assert found(ann, typed, language="en", queue=support.pk) == {two}
        assert found(ann, typed, language="e") == set()


def test_a_number_is_found_at_either_end_of_the_call(ann: User) -> None:
    caller = say("Hello", recording=conversation(call=make_call(from_number="+12025550123")))
    called = say("Hello", recording=conversation(call=make_call(to_number="+12025550123")))
    say("Hello", recording=conversation(call=make_call(from_number="+12025550124")))
    say("Hello", recording=conversation(call=None))

    assert found(ann, number="+12025550123") == {caller, called}


def test_another_teams_transcripts_are_never_found_nor_counted() -> None:
    person = User.objects.get(pk=rows.person("Supervisor").pk)
    mine, other = make_queue("Mine", team=team_of("Mine", person)), make_queue("Other", team=team_of("Other"))
    named = make_queue("Named", team=team_of("Other"))
    named.listeners.add(person)
    seen = {say("A refund", recording=conversation(queue)) for queue in (mine, named)}
    for _ in range(PAGE + 1):
        say("A refund", recording=conversation(other))

    page = look(person, "refund")

    assert {result.transcript for result in page.results} == found(person) == seen
    assert page.after is None
    assert found(person, queue=other.pk) == set()


@pytest.mark.parametrize("role", ["Supervisor", "Agent", "Administrator", "Auditor"])
def test_what_is_found_is_what_may_be_heard(role: str) -> None:
    person = User.objects.get(pk=rows.person(role).pk)
    own, other = make_mailbox("Own"), make_mailbox("Other")
    own.members.add(person)
    team, foreign = make_queue("Team", team=team_of("Team", person)), make_queue("Foreign", team=team_of("Foreign"))
    for queue in (team, foreign, None):
        say("A refund", recording=conversation(queue))
        for mailbox in (own, other):
            letter = make_stored(queue=queue)
            make_voicemail(mailbox, letter)
            say("A refund", recording=letter)

    heard = set(Transcript.objects.filter(reading.rights.heard_by(person, "recording__")))

    assert found(person, "refund") == found(person) == heard


def test_who_may_hear_nothing_may_not_search(ann: User) -> None:
    agent, clerk = make_user("bob"), make_user("cid", "recordings.view_recording")
    make_mailbox().members.add(agent)

    assert reading.may_search(ann)
    assert reading.may_search(agent)
    assert not reading.may_search(clerk)
    assert not reading.may_search(None)
    say("A refund", recording=conversation(make_queue()))
    assert found(clerk, "refund") == found(clerk) == set()
    assert found(make_user("dan", "recordings.listen"), "refund") == set()  # of no team, and of no mailbox
    ann.is_active = False
    assert not reading.may_search(ann)
    assert found(ann, "refund") == found(ann) == set()


def test_what_is_sensitive_shows_no_word_before_a_reason_is_given(ann: User) -> None:
    said = say("A refund", recording=conversation(sensitive_queue()))

    (before,) = look(ann, "refund").results
    actions.give_reason(said.recording, by=ann, reason="a complaint", of_original=False, at=AT)
    (after,) = look(ann, "refund").results
    (others,) = look(make_user("bob", *EVERYWHERE), "refund").results

    assert (before.needs_reason, before.lines) == (True, ())
    assert (after.needs_reason, after.reason) == (False, "a complaint")
    assert [line.text for line in after.lines] == ["A refund"]
    assert (others.needs_reason, others.lines) == (True, ())


def pages(user: User, typed: str) -> Iterator[Page]:
    page = look(user, typed)
    yield page
    while page.after is not None:
        page = look(user, typed, after=Place.read(str(page.after)))
        yield page


def test_pages_follow_each_other_without_a_gap_or_a_repeat(ann: User) -> None:
    moments = [AT - timedelta(minutes=number // 7) for number in range(2 * PAGE + 3)]  # several at the same moment
    made = [say("A refund", recorded_at=at) for at in moments]

    for typed in ("refund", ""):
        shown = [[result.transcript for result in page.results] for page in pages(ann, typed)]

        assert [len(page) for page in shown] == [PAGE, PAGE, 3]
        flat = [transcript for page in shown for transcript in page]
        assert len(set(flat)) == len(made)
        order = [(transcript.recorded_at, transcript.recording_id) for transcript in flat]
        assert order == sorted(order, reverse=True)


def test_what_comes_in_meanwhile_moves_no_page(ann: User) -> None:
    made = [say("A refund", recorded_at=AT - timedelta(minutes=number)) for number in range(PAGE + 1)]
    first = look(ann, "refund")

    say("A refund", recorded_at=AT + timedelta(minutes=1))
    second = look(ann, "refund", after=first.after)

    assert [result.transcript for result in second.results] == made[PAGE:]


def test_a_full_page_that_is_the_last_does_not_go_on(ann: User) -> None:
    for _ in range(PAGE):
        say("A refund")

    assert look(ann, "refund").after is None


@pytest.mark.parametrize(
    "text", ["", "~", "x~y", "2026-03-02T09:00:00+00:00~x", "2026-03-02T09:00:00~" + "0" * 32, "\x00"]
)
def test_what_is_no_place_in_the_results_is_none(text: str) -> None:
    assert Place.read(text) is None


@pytest.mark.parametrize("typed", ["refund", ""])
def test_a_page_takes_the_same_queries_for_one_result_and_for_twenty(ann: User, typed: str) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            look(ann, typed)
        return len(captured)

    say("A refund")
    look(ann, typed)  # permissions are asked for once
    one = queries()
    for _ in range(PAGE):
        say("A refund", language="de-DE", recording=conversation(None, agent=people.agent()))

    assert queries() <= one <= 6  # fewer, where the newest fill the page


class TestAnything(TestCase):
    @settings(max_examples=40, deadline=None)
    @given(st.one_of(st.text(max_size=60), st.text(alphabet="ab'\"\\-:*&|!()<> NEAR%", max_size=40)))
    def test_whatever_is_typed_finds_something_or_says_why_not(self, typed: str) -> None:
        person = make_user("anybody", is_superuser=True)
        say("a b near")

        try:
            page = look(person, typed)
        except Unclear:
            return
        assert len(page.results) <= 1
