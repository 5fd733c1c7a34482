from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from agents.models import User
from recordings.search.form import SENTENCES, SearchForm, sentence
from recordings.search.reading import Filters
from recordings.search.words import Unclear, Wanted, Why
from tests.agents import factories as people
from tests.ivr import rows
from tests.queues.factories import make_queue, member
from tests.recordings.factories import EVERYWHERE, make_user
from tests.recordings.listening import team_of
from tests.recordings.search.spoken import say

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    return make_user("ann", *EVERYWHERE)


def filled(user: User, **values: str) -> SearchForm:
    form = SearchForm(values, user=user)
    assert form.is_valid(), form.errors
    return form


def test_an_empty_form_asks_for_everything(ann: User) -> None:
    form = filled(ann)

    assert form.wanted is None
    assert form.filters == Filters()


def test_what_is_filled_in_becomes_words_and_filters(ann: User) -> None:
    say("Hallo", language="de-DE")
    queue, agent = make_queue(), people.agent()

    form = filled(
        ann,
        q="a refund",
        queue=str(queue.pk),
        agent=str(agent.pk),
        since="2026-03-02",
        until="2026-03-02",
        number=" (202) 555-0123 ",
        subject="voicemail",
        language="de",
    )

    assert form.wanted == Wanted(("a", "refund"))
    since = datetime(2026, 3, 2, tzinfo=UTC)
    assert form.filters == Filters(
        queue=queue.pk,
        agent=agent.pk,
        since=since,
        until=since + timedelta(days=1),
        number="+12025550123",
        subject="voicemail",
        language="de",
    )


def test_a_day_on_which_the_clocks_change_is_whole(ann: User) -> None:
    with timezone.override(ZoneInfo("America/New_York")):
        filters = filled(ann, since="2026-03-08", until="2026-03-08").filters

    assert filters.since is not None
    assert filters.until is not None
    assert filters.until.astimezone(UTC) - filters.since.astimezone(UTC) == timedelta(hours=23)


def test_languages_to_choose_are_those_that_occur_by_name(ann: User) -> None:
    for tag in ("en-US", "en-GB", "de-DE", "tlh", ""):
        say("Hello", language=tag)

    choices = [(value, str(text)) for value, text in SearchForm(user=ann).fields["language"].choices]

    assert choices == [("", "any"), ("de", "German"), ("en", "English"), ("tlh", "tlh")]


def test_queues_and_agents_to_choose_are_those_in_reach(ann: User) -> None:
    person = User.objects.get(pk=rows.person("Supervisor").pk)
    mine, named, other = make_queue("Mine", team=team_of("Mine", person)), make_queue("Named"), make_queue("Other")
    named.listeners.add(person)
    near, far = member(named, "Near"), member(other, "Far")

    def choices(user: User, name: str) -> set[object]:
        return set(SearchForm(user=user).fields[name].queryset)

    assert choices(person, "queue") == {mine, named}
    assert choices(person, "agent") == {near}
    assert choices(ann, "queue") == {mine, named, other}
    assert choices(ann, "agent") == {near, far}


@pytest.mark.parametrize("why", Why)
def test_each_reason_has_a_whole_sentence(why: Why) -> None:
    said = sentence(Unclear(why))

    assert set(SENTENCES) == set(Why)
    assert said[0].isupper()
    assert said[-1] == "."
    assert "%" not in said
