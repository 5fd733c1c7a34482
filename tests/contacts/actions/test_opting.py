"""Opting out and in: an entry is made once, ends once, and both are told."""

from datetime import timedelta

import pytest

from contacts.actions import NoNumber, opt_in, opt_out
from contacts.models import OptOut
from contacts.signals import opt_outs_changed
from contacts.states import Channel, How
from tests.contacts.factories import AT, CALLER

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    heard = []

    def receive(sender, signal, **news):
        heard.append(news)

    opt_outs_changed.connect(receive)
    yield heard
    opt_outs_changed.disconnect(receive)


def test_who_opts_out_twice_keeps_the_first_entry_and_it_is_told_once(told):
    first = opt_out(CALLER, Channel.TEXTS, how=How.TEXT, note="STOP", at=AT)
    second = opt_out(CALLER, Channel.TEXTS, how=How.API, at=AT + timedelta(hours=1))

    assert first == second
    assert OptOut.objects.get().note == "STOP"
    assert told == [{"numbers": [CALLER], "channel": Channel.TEXTS, "is_out": True, "how": How.TEXT, "at": AT}]


def test_an_entry_ends_and_the_next_one_is_new(told):
    opt_out(CALLER, Channel.TEXTS, how=How.TEXT, at=AT)

    assert opt_in(CALLER, Channel.TEXTS, how=How.TEXT, note="START", at=AT + timedelta(hours=1))
    assert not opt_in(CALLER, Channel.TEXTS, how=How.TEXT, at=AT + timedelta(hours=2))
    opt_out(CALLER, Channel.TEXTS, how=How.SAID, at=AT + timedelta(hours=3))

    ended, present = OptOut.objects.order_by("at")
    assert (ended.ended_at, ended.ended_how, ended.ended_note) == (AT + timedelta(hours=1), How.TEXT, "START")
    assert present.ended_at is None
    assert [news["is_out"] for news in told] == [True, False, True]


def test_notes_hide_numbers_and_are_cut():
    entry = opt_out(CALLER, Channel.CALLS, how=How.SAID, note=f"from {CALLER} " + "x" * 300, at=AT)

    assert CALLER not in entry.note
    assert len(entry.note) == 200


@pytest.mark.parametrize("number", ["", "anonymous", "4155550123", "client:agent_1"])
def test_only_a_number_can_opt_out(number):
    with pytest.raises(NoNumber):
        opt_out(number, Channel.CALLS, how=How.SAID, at=AT)
