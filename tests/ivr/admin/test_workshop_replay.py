"""The panel of replays: choosing a time, watching it, the figures, and the calls behind each of them."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from agents import roles
from calls.models import Call, CallEvent
from ivr.actions import replays
from ivr.drafting.drafts import compile_draft
from ivr.kinds.base import Keys
from ivr.models import Flow, Replay
from ivr.replay import results
from tests.ivr import rows as people
from tests.ivr.actions.test_replays import done, wanted
from tests.ivr.replay import rows
from tests.ivr.rows import AT

pytestmark = pytest.mark.django_db
INSIDE = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(people.person(roles.FLOW_EDITOR))
    return client


@pytest.fixture
def flow() -> Flow:
    return rows.menu_flow()


def address(flow: Flow, name: str = "", *keys: object) -> str:
    return reverse(f"admin:ivr_flow_replay{name and '_'}{name}", args=[flow.pk, *keys])


def replayed(flow: Flow) -> Replay:
    rows.message()
    rows.message(at=AT + timedelta(minutes=1), caller="+14155550199")
    rows.call(Keys("2"), at=AT + timedelta(minutes=2))
    rows.call(at=AT + timedelta(minutes=3))
    gone = rows.call(at=AT + timedelta(minutes=4))
    CallEvent.objects.filter(call=gone.call).delete()
    rows.swap(flow)
    return done(wanted(flow))


def dates(**more: Any) -> dict[str, Any]:
    return {"period": "dates", "first": AT.date().isoformat(), "last": AT.date().isoformat(), **more}


def test_the_number_of_calls_is_told_before_anything_begins(editor: Client, flow: Flow) -> None:
    rows.message()
    other = people.line("Other", "+15005550102", flow)

    assert "<strong>1</strong> call came" in editor.get(address(flow, "count"), dates()).content.decode()
    none = editor.get(address(flow, "count"), dates(lines=[other.pk])).content.decode()
    assert "No calls came" in none
    assert "Say from which day" in editor.get(address(flow, "count"), {"period": "dates"}).content.decode()
    assert "before the first day" in editor.get(address(flow, "count"), dates(last="2026-01-01")).content.decode()


def test_a_replay_is_begun_watched_and_its_sentence_read(
    editor: Client, flow: Flow, django_capture_on_commit_callbacks: Any
) -> None:
    rows.message()
    rows.swap(flow)

    begun = editor.post(address(flow, "begin"), dates(), **INSIDE).content.decode()

    replay = Replay.objects.get()
    assert replay.by is not None
    assert "Waiting for a worker" in begun
    again = editor.post(address(flow, "begin"), dates(), **INSIDE).content.decode()
    assert "Waiting for a worker" in again
    assert Replay.objects.count() == 1
    watched = editor.get(address(flow, "progress", replay.pk), **INSIDE)
    assert "every 1s" in watched.content.decode()
    done(replay)
    over = editor.get(address(flow, "progress", replay.pk), **INSIDE)
    assert over["HX-Retarget"] == "#panel-replay"
    assert "Of 1 call 1 would reach the end in “The end” instead of voicemail Main." in over.content.decode()


def test_a_replay_is_stopped(editor: Client, flow: Flow) -> None:
    replay = wanted(flow)

    page = editor.post(address(flow, "cancel", replay.pk), **INSIDE).content.decode()

    assert Replay.objects.get().state == "canceled"
    assert "stopped before the end" in page


def test_figures_open_to_their_calls_and_a_call_to_both_its_sides(editor: Client, flow: Flow) -> None:
    replay = replayed(flow)

    page = editor.get(address(flow)).content.decode()

    assert "Of 5 calls 3 would come elsewhere: 2 would reach the end in “The end” instead of voicemail Main" in page
    assert "Of 1 it cannot be known." in page
    assert "reaches voicemail Main" in page
    assert "whether they leave a message cannot be known" in page
    found = results.result(replay)
    for line in (*found.moves, *found.gaps):
        listed = editor.get(f"{address(flow, 'calls', replay.pk)}?{line.query}", **INSIDE).content.decode()
        assert listed.count("Whole call") == line.count
    same = editor.get(f"{address(flow, 'calls', replay.pk)}?same=1", **INSIDE).content.decode()
    assert same.count("Whole call") == found.same == 1
    moved = results.visits(replay, {"was": "", "would": ""}).exclude(would="").first()
    assert moved is not None
    beside = editor.get(address(flow, "call", replay.pk, moved.call_id)).content.decode()
    assert "Here it differs: the call would come to “The end”, and not to “Leave word”." in beside
    assert beside.count("presses 1") == 2


def test_numbers_are_hidden_from_those_who_may_not_see_them(editor: Client, flow: Flow) -> None:
    replay = replayed(flow)
    query = results.result(replay).moves[0].query
    lists = f"{address(flow, 'calls', replay.pk)}?{query}"
    beside = address(flow, "call", replay.pk, replay.visits.first().call_id)  # type: ignore[union-attr]

    assert "555-0123" not in editor.get(lists).content.decode()
    assert "555-0123" not in editor.get(beside).content.decode()
    editor.force_login(people.person(roles.ADMINISTRATOR))
    assert "555-0123" in editor.get(lists).content.decode()


def test_who_may_not_see_calls_sees_figures_alone(client: Client, flow: Flow) -> None:
    replay = replayed(flow)
    person = people.person(roles.FLOW_EDITOR)
    person.groups.clear()
    person.user_permissions.add(Permission.objects.get(codename="view_flow"))
    client.force_login(person)

    page = client.get(address(flow)).content.decode()

    assert "Of 5 calls" in page
    assert "Replay these calls" not in page
    assert address(flow, "calls", replay.pk) not in page
    first = replay.visits.first()
    assert first is not None
    for name, keys in (("calls", ()), ("call", (first.call_id,))):
        assert client.get(address(flow, name, replay.pk, *keys)).status_code == 403
    assert client.post(address(flow, "begin"), dates()).status_code == 403
    assert client.post(address(flow, "cancel", replay.pk)).status_code == 403


def test_calls_that_are_gone_are_not_listed(editor: Client, flow: Flow) -> None:
    replay = replayed(flow)
    query = results.result(replay).gaps[0].query
    Call.objects.filter(pk__in=results.visits(replay, {"why": "erased"}).values("call")).delete()

    assert (
        "None of these calls are kept any more"
        in editor.get(f"{address(flow, 'calls', replay.pk)}?{query}").content.decode()
    )


@pytest.mark.parametrize(("name", "most"), [("", 30), ("calls", 16), ("call", 30)])
def test_pages_ask_no_more_for_more_calls(
    editor: Client, flow: Flow, django_assert_max_num_queries: Any, name: str, most: int
) -> None:
    replay = replayed(flow)
    for place in range(10):
        rows.message(at=AT + timedelta(minutes=10 + place))
    first = replay.visits.exclude(would="").first()
    assert first is not None
    keys: dict[str, tuple[object, ...]] = {"": (), "calls": (replay.pk,), "call": (replay.pk, first.call_id)}
    editor.get(address(flow, name, *keys[name]), **INSIDE)

    with django_assert_max_num_queries(most):
        assert editor.get(address(flow, name, *keys[name]), **INSIDE).status_code == 200


def test_the_newest_replay_of_exactly_this_draft_is_found(flow: Flow) -> None:
    assert results.newest(flow, compile_draft(flow)) is None
    replay = replayed(flow)

    found = results.newest(flow, compile_draft(flow))

    assert found is not None
    assert (found.replay, found.total, found.moved, found.unknown) == (replay, 5, 3, 1)
    assert found.sentence.startswith("Of 5 calls 3 would come elsewhere")
    assert found.url.endswith("?panel=replay")
    flow.first.exits.filter(name="out").update(keys="5")  # type: ignore[union-attr]
    assert results.newest(flow, compile_draft(flow)) is None


def test_the_page_where_one_publishes_shows_it(editor: Client, flow: Flow) -> None:
    publishing = reverse("admin:ivr_flow_publish", args=[flow.pk])
    assert "It is not known what callers of the past" in editor.get(publishing).content.decode()
    replayed(flow)

    assert "Of 5 calls 3 would come elsewhere" in editor.get(publishing).content.decode()


def test_a_call_of_another_flow_or_replay_is_not_found(editor: Client, flow: Flow) -> None:
    replay = replayed(flow)
    other = rows.menu_flow("Other", called="+15005550103")

    assert editor.get(address(other, "calls", replay.pk)).status_code == 404
    assert editor.get(address(flow, "call", replay.pk, "7d8a1c5e-0000-4000-8000-000000000000")).status_code == 404


def test_a_draft_that_cannot_be_walked_is_not_replayed(editor: Client, flow: Flow) -> None:
    flow.steps.filter(name="Choose").update(settings={"nonsense": 1})

    page = editor.post(address(flow, "begin"), dates(), **INSIDE).content.decode()

    assert "The draft cannot be walked yet" in page
    assert not Replay.objects.exists()
    assert replays.period_of is not None
