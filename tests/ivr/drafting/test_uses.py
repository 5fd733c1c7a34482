"""Where things are used, and that what is used stays."""

from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import ProtectedError
from django.urls import reverse

from agents import roles
from conferences.models import Room
from ivr.drafting.uses import uses
from ivr.models import Audio, Schedule, Step, Wording
from queues.models import Queue
from recordings.models import Mailbox
from telephony.models import PhoneNumber
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def sound(name="Chime"):
    return Audio.objects.create(sha256="ab" * 32, name=name, seconds=1.0, uploaded_at=rows.AT)


def texts(thing):
    return [use.text for use in uses(thing)]


def test_a_prompt_is_used_by_steps_each_named_once():
    flow = rows.flow()
    prompt = rows.prompt()
    step = rows.says(rows.says(rows.step(flow, "Sales", "menu"), "greeting", prompt), "wrong", prompt)

    assert texts(prompt) == ["step Sales in flow Main"]
    assert uses(prompt)[0].url == reverse("admin:ivr_step_change", args=[step.pk])


def test_a_sound_is_used_by_prompts_and_by_the_version_that_callers_meet():
    flow = rows.simple_flow()
    Wording.objects.update(text="", audio=sound())
    rows.publish(flow)

    assert texts(Audio.objects.get()) == ["prompt Hello (en-US)", "version 1 of flow Main, which callers meet now"]


def test_hours_and_mailboxes_are_used_by_steps():
    schedule, mailbox = Schedule.objects.create(name="Week"), Mailbox.objects.create(name="Desk")
    rows.hours_flow("Main", schedule)
    rows.voicemail_flow("Sales", mailbox)

    assert texts(schedule) == ["step Open? in flow Main"]
    assert texts(mailbox) == ["step Message in flow Sales"]


def test_a_flow_is_used_by_lines_and_by_steps_that_go_to_it():
    flow, outer = rows.simple_flow(), rows.flow("Outer")
    rows.step(outer, "Go on", "go_to", to_flow=flow)
    rows.line("Front", "+15005550100", flow)

    assert texts(flow) == ["line Front (+15005550100)", "step Go on in flow Outer"]


def test_a_step_is_used_by_its_flow_and_by_the_steps_before_it():
    flow = rows.simple_flow()

    assert texts(flow.first) == ["flow Main, which begins here"]
    assert texts(flow.steps.get(name="The end")) == ["step Greeting in flow Main"]


def test_a_prompt_is_used_where_it_is_heard_while_waiting():
    flow = rows.queue_flow("Main", Queue.objects.create(name="Sales"))
    flow.first.wait_items.create(kind="message", prompt=rows.prompt())

    assert texts(rows.prompt()) == ["step Line in flow Main"]


def test_a_number_is_used_by_its_line_and_as_caller_id():
    number = PhoneNumber.objects.create(sid="PN1", number="+15005550100", synchronized_at=datetime.now(UTC))
    flow = rows.flow()
    rows.line("Front", "+15005550100", flow)
    rows.step(flow, "Sales", "ring", settings={"caller_id": "+15005550100"})

    assert texts(number) == ["line Front (+15005550100)", "step Sales in flow Main"]


@pytest.mark.parametrize(
    ("make", "model"),
    [
        (rows.hours_flow, Schedule),
        (rows.voicemail_flow, Mailbox),
        (rows.queue_flow, Queue),
        (rows.room_flow, Room),
    ],
)
def test_what_callers_need_stays_even_when_the_draft_does_without_it(make, model):
    thing = model.objects.create(name="Needed", **({"host_pin": "4711"} if model is Room else {}))
    flow = rows.publish(make("Main", thing))
    Step.objects.filter(flow=flow).update(schedule=None, mailbox=None, queue=None, room=None)

    with pytest.raises(ProtectedError, match="version 1 of flow Main"), transaction.atomic():
        thing.delete()

    assert texts(thing) == ["version 1 of flow Main, which callers meet now"]


def test_a_sound_that_callers_hear_stays():
    flow = rows.simple_flow()
    Wording.objects.update(text="", audio=sound())
    rows.publish(flow)
    Wording.objects.update(text="Words now.", audio=None)

    with pytest.raises(ProtectedError, match="version 1 of flow Main"):
        Audio.objects.get().delete()


def test_what_is_not_used_can_be_deleted():
    schedule = Schedule.objects.create(name="Free")

    schedule.delete()

    assert uses(rows.prompt("Free")) == []
    assert not Schedule.objects.exists()


@pytest.mark.parametrize("model", ["prompt", "schedule", "mailbox", "audio"])
def test_the_page_that_would_delete_names_the_places_with_links(client, model):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    flow, audio = rows.flow(), sound()
    thing = {
        "prompt": rows.prompt(),
        "schedule": Schedule.objects.create(name="Week"),
        "mailbox": Mailbox.objects.create(name="Desk"),
        "audio": audio,
    }[model]
    Wording.objects.update(text="", audio=audio)
    step = rows.says(rows.step(flow, "Sales", "menu"), "greeting", rows.prompt())
    Step.objects.filter(pk=step.pk).update(schedule=Schedule.objects.first(), mailbox=Mailbox.objects.first())
    place = (
        reverse("admin:ivr_prompt_change", args=[rows.prompt().pk])
        if model == "audio"
        else reverse("admin:ivr_step_change", args=[step.pk])
    )
    address = f"{thing._meta.app_label}_{model}"

    confirmation = client.get(reverse(f"admin:{address}_delete", args=[thing.pk])).content.decode()
    panel = client.get(reverse(f"admin:{address}_change", args=[thing.pk])).content.decode()
    client.post(reverse(f"admin:{address}_delete", args=[thing.pk]), {"post": "yes"})

    assert "cannot be deleted: it is in use" in confirmation
    assert place in confirmation
    assert "Used by" in panel
    assert place in panel
    assert type(thing).objects.filter(pk=thing.pk).exists()
