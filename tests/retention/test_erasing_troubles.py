"""Twilio refuses, workers die, things come back: an erasure goes on until all is gone, or named."""

from datetime import timedelta

import pytest

from calls.models import Call
from retention import tasks
from retention.actions import erasures, items
from retention.states import ErasureState, ItemState
from retention.things import Thing
from tests.agents.factories import user
from tests.retention import people
from tests.retention.account import BROKEN, BUSY, TOO_MANY, Silent
from tests.retention.erasures import confirmed, goes_on, states, texts_with
from tests.retention.people import ANN

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("answer", [BUSY, TOO_MANY, BROKEN, Silent])
def test_what_twilio_refuses_is_asked_for_again_until_it_goes(account, clock, answer):
    anns = people.customer(account)
    recording = anns.rows["recordings_recording"]
    account.refuses(anns.customer.sid, *[answer] * 3)
    account.refuses(recording.sid, *[answer] * 3)

    erasure = confirmed(clock)
    tasks.sweep()
    refused = erasure.items.get(kind=Thing.TWILIO_CALL, key=anns.customer.sid)
    assert (refused.state, refused.retry_at > clock(timedelta(0))) == (ItemState.REFUSED, True)
    assert refused.why.startswith("Twilio: ")
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE
    assert account.sids == set()
    assert account.refusals[anns.customer.sid] == account.refusals[recording.sid] == []
    assert account.deleted.count(anns.customer.sid) == account.deleted.count(recording.sid) == 1


def test_while_the_storage_cannot_be_asked_the_recording_waits_and_all_else_goes(account, clock, settings):
    people.customer(account)
    people.wants_callback()
    kept = settings.STORAGES
    settings.STORAGES = kept | {"default": kept["default"] | {"BACKEND": "tests.retention.storages.Away"}}

    erasure = goes_on(confirmed(clock), clock)

    assert erasure.state == ErasureState.WORKING
    assert "our storage does not do its part" in erasure.items.get(kind=Thing.RECORDING).why
    assert "still to be seen" in erasure.items.get(kind=Thing.CALL).why
    assert states(erasure, Thing.CALLBACK) == [ItemState.DONE] * 2
    settings.STORAGES = kept
    clock(timedelta(days=20))
    goes_on(erasure, clock)
    assert erasure.state == ErasureState.DONE


def test_what_twilio_refuses_for_longer_than_it_may_stays_and_the_paper_names_it(account, clock):
    account.call("CA1", caller=ANN)
    account.refuses("CA1", *[BUSY] * 1000)

    erasure = confirmed(clock)
    goes_on(erasure, clock, days=14, each=timedelta(hours=6))
    assert erasure.state == ErasureState.WORKING
    goes_on(erasure, clock, days=3, each=timedelta(hours=6))

    assert erasure.state == ErasureState.DONE
    (kept,) = erasure.certificate["things"][0]["kept"]
    assert (kept["number"], "20009" in kept["why"]) == (1, True)
    assert kept["why"] in {one["why"] for one in erasure.certificate["remains"]}


def test_while_twilio_cannot_be_asked_what_it_keeps_the_erasure_says_so_and_looks_later(account, clock):
    people.customer(account)
    erasure = erasures.ask(ANN, reason="File 12", by=user(), address=None, at=clock(timedelta(0)))

    def away(*_args):
        raise Silent

    kept, account.rest = account.rest, away
    tasks.sweep()
    erasure.refresh_from_db()
    assert (erasure.state, "Twilio" in erasure.trouble, erasure.leased_until) == (ErasureState.LOOKING, True, None)
    account.rest = kept
    goes_on(erasure, clock, days=0.1)

    assert (erasure.state, erasure.trouble) == (ErasureState.FOUND, "")


def test_who_is_killed_after_any_item_is_followed_by_one_that_goes_on(account, clock, monkeypatch):
    people.customer(account)
    people.wants_callback()
    account.message("SM1", sender=ANN)
    erasure = confirmed(clock)
    total = erasure.items.count()
    done = [0]

    class Killed(BaseException):
        pass

    real = items.note_done

    def killed_before_the_note(*args, **kwargs):
        done[0] += 1
        if done[0] % 2:
            raise Killed
        real(*args, **kwargs)

    monkeypatch.setattr(items, "note_done", killed_before_the_note)
    kills = 0
    for _ in range(100):
        try:
            tasks.sweep()
        except Killed:
            kills += 1
        erasure.refresh_from_db()
        if erasure.state == ErasureState.DONE:
            break
        clock(erasures.LEASE)

    assert erasure.state == ErasureState.DONE
    assert kills >= 3
    assert erasure.items.count() >= total
    assert len(account.deleted) == len(set(account.deleted)), "nothing was deleted twice"
    assert texts_with(ANN) == set()


def test_what_came_meanwhile_is_found_by_the_last_look(account, clock):
    people.customer(account)
    erasure = confirmed(clock)
    tasks.sweep()
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.CHECKING

    late = people.customer(account, after=999)
    goes_on(erasure, clock)

    assert erasure.state == ErasureState.DONE
    assert erasure.looks == 3
    assert not Call.objects.filter(pk=late.customer.pk).exists()
    assert account.sids == set()


def test_what_was_thought_gone_and_is_there_again_is_deleted_again(account, clock):
    account.message("SM1", sender=ANN)
    account.call("CA1", caller=ANN)
    erasure = confirmed(clock)
    tasks.sweep()
    assert states(erasure, Thing.TWILIO_MESSAGE) == ["done"]

    account.message("SM1", sender=ANN)
    account.call("CA1", caller=ANN)
    goes_on(erasure, clock)

    assert account.sids == set()
    assert account.deleted == ["CA1", "SM1", "CA1", "SM1"]
    assert set(erasure.items.values_list("state", flat=True)) == {ItemState.CHECKED}
