from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from agents import roles
from ivr import emergency, tasks
from ivr.models import Closure, LookUp, Source
from rest import outgoing
from tests.calls.factories import make_call
from tests.contacts import factories as contacts
from tests.ivr import rows
from tests.ivr.hours import rows as hours
from tests.scenarios.answering import answering

SECONDS = timedelta(seconds=5)


@pytest.mark.django_db
def test_a_machine_that_lost_the_emergency_texts_has_them_again(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    rows.line("Desk", "+15005550100", None)

    tasks.remember_emergencies()

    assert emergency.find("+15005550100").text == "Please call again later."


@pytest.mark.django_db
def test_a_question_is_asked_once_and_its_time_is_taken() -> None:
    with answering() as computer:
        computer.reply = {"name": "Ann", "age": "5"}
        source = Source.objects.create(name="CRM", address=computer.address, secret=outgoing.new_secret())
        look_up = LookUp.objects.create(
            call=make_call(), source=source, step="1", keep=["name"], wanted_at=now(), expires_at=now() + SECONDS
        )

        tasks.ask_source(str(look_up.pk))
        tasks.ask_source(str(look_up.pk))

    assert len(computer.heard) == 1
    look_up.refresh_from_db()
    assert (look_up.state, look_up.answer) == ("answered", {"name": "Ann"})
    assert look_up.milliseconds is not None


@pytest.mark.django_db
def test_whom_a_caller_is_taken_for_goes_along() -> None:
    known = contacts.contact("Ann", "+14155550123")
    contacts.external_id(known, contacts.system("CRM"), "4711")
    with answering() as computer:
        source = Source.objects.create(name="CRM", address=computer.address, secret=outgoing.new_secret())
        call = make_call(from_number="+14155550123")
        look_up = LookUp.objects.create(call=call, source=source, step="1", wanted_at=now(), expires_at=now() + SECONDS)

        tasks.ask_source(str(look_up.pk))

    assert computer.heard[0]["contact"] == {"id": str(known.pk), "name": "Ann", "external_ids": {"CRM": "4711"}}


@pytest.mark.django_db
@pytest.mark.parametrize("gone", ["source", "time"])
def test_who_cannot_be_asked_any_more_is_not(gone: str) -> None:
    late = now() - SECONDS if gone == "time" else now() + SECONDS
    look_up = LookUp.objects.create(call=make_call(), source=None, step="1", wanted_at=now(), expires_at=late)

    tasks.ask_source(str(look_up.pk))

    look_up.refresh_from_db()
    assert (look_up.state, look_up.trouble) == (
        ("wanted", "") if gone == "time" else ("failed", "The source was deleted.")
    )


@pytest.mark.django_db
def test_people_hear_of_a_closure_while_it_lasts_and_once_it_has_ended(mailoutbox: Any) -> None:
    at = now()
    schedule = hours.office()
    lasts = hours.closure(schedule, at=at - timedelta(hours=3), hours=None, reason="Flood")
    ended = hours.closure(schedule, at=at - timedelta(hours=3), hours=1, reason="Fire")
    hours.closure(schedule, at=at, hours=1, reason="New")
    user = rows.person(roles.SUPERVISOR)
    user.email = "supervisor@example.com"
    user.save(update_fields=["email"])

    tasks.remind_of_closures()
    tasks.remind_of_closures()

    assert sorted(message.subject for message in mailoutbox) == ["Open again: Fire", "Still closed: Flood"]
    lasts.refresh_from_db()
    ended.refresh_from_db()
    assert (lasts.is_over_told, ended.is_over_told) == (False, True)
    assert [event.what for event in lasts.events.all()] == ["reminded"]
    assert [event.what for event in ended.events.all()] == ["ended"]


@pytest.mark.django_db
def test_a_notice_that_cannot_be_sent_is_tried_again_later(mailoutbox: Any, monkeypatch: Any) -> None:
    closure = hours.closure(hours.office(), at=now() - timedelta(hours=3), hours=None)
    user = rows.person(roles.SUPERVISOR)
    user.email = "supervisor@example.com"
    user.save(update_fields=["email"])

    def away(_message: Any) -> None:
        raise OSError

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", away)
    tasks.remind_of_closures()
    monkeypatch.undo()

    closure.refresh_from_db()
    assert closure.told_at is None
    Closure.objects.update(telling_at=now() - timedelta(minutes=6))
    tasks.remind_of_closures()
    assert len(mailoutbox) == 1
