"""Flows as files on the pages: down, and up again after a look at what it changes."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents import roles
from ivr.files import exporting, portable
from ivr.models import Flow, Prompt
from tests.ivr import rows
from tests.ivr.files.test_folders import sounding_flow

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def upload(data):
    return SimpleUploadedFile("main.json", json.dumps(data).encode() if not isinstance(data, bytes) else data)


def greet(flow, text="Good morning."):
    return exporting.draft(flow) | {"prompts": {"Hello": {"en-US": {"text": text}}}}


def seen(page):
    return {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("seen", "draft")}


def test_the_draft_is_downloaded_as_the_same_text_that_the_api_gives(editor):
    flow = rows.simple_flow("Main / line")

    answer = editor.get(reverse("admin:ivr_flow_file", args=[flow.pk]))

    assert answer.content.decode() == portable.text(exporting.draft(flow))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="main-line.json"'


def test_what_was_downloaded_with_its_sounds_comes_back(editor):
    flow, sound = sounding_flow()
    packed = editor.get(reverse("admin:ivr_flow_file", args=[flow.pk]), {"sounds": "yes"})
    assert packed.headers["Content-Disposition"] == 'attachment; filename="main.zip"'
    Prompt.objects.get(name="Hello").wordings.update(audio=None, text="Hello.")
    address = reverse("admin:ivr_flow_bring", args=[flow.pk])

    page = editor.post(address, {"file": upload(packed.content)}).content.decode()
    assert "1 sound comes with it." in page
    editor.post(address, {"file": upload(packed.content), "confirm": "yes", **seen(page)})

    assert Prompt.objects.get(name="Hello").wordings.get().audio.sha256 == sound.sha256


def test_a_file_is_looked_at_before_it_is_taken_in(editor):
    flow = rows.simple_flow()
    address = reverse("admin:ivr_flow_bring", args=[flow.pk])

    page = editor.post(address, {"file": upload(greet(flow))}).content.decode()
    assert "Good morning." in page
    assert Prompt.objects.get().wordings.get().text == "Hello."
    answer = editor.post(address, {"file": upload(greet(flow)), "confirm": "yes", **seen(page)})

    assert answer.url == reverse("admin:ivr_flow_change", args=[flow.pk])
    assert Prompt.objects.get().wordings.get().text == "Good morning."


def test_only_what_was_looked_at_is_taken_in(editor):
    flow = rows.simple_flow()
    address = reverse("admin:ivr_flow_bring", args=[flow.pk])
    page = editor.post(address, {"file": upload(greet(flow))}).content.decode()

    other = editor.post(address, {"file": upload(greet(flow, "Bye.")), "confirm": "yes", **seen(page)})
    assert "another file than the one that you looked at" in other.content.decode()
    flow.steps.filter(name="The end").update(name="Over")
    late = editor.post(address, {"file": upload(greet(flow)), "confirm": "yes", **seen(page)})

    assert Prompt.objects.get().wordings.get().text == "Hello."
    assert late.status_code == 200


def test_a_draft_that_somebody_changed_meanwhile_is_left_alone(editor):
    flow = rows.simple_flow()
    address, file = reverse("admin:ivr_flow_bring", args=[flow.pk]), greet(flow)
    page = editor.post(address, {"file": upload(file)}).content.decode()
    flow.steps.filter(name="The end").update(name="Over")

    answer = editor.post(address, {"file": upload(file), "confirm": "yes", **seen(page)}).content.decode()

    assert "Somebody has changed the draft since you looked." in answer
    assert flow.steps.filter(name="Over").exists()


def test_a_new_flow_comes_from_its_file(editor):
    data = greet(rows.simple_flow()) | {"flow": {"name": "Second"}}
    address = reverse("admin:ivr_flow_bring_new")

    page = editor.post(address, {"file": upload(data)}, headers={"HX-Request": "true"}).content.decode()
    assert "A new flow, Second" in page
    assert "<html" not in page
    taken = {"file": upload(data), "confirm": "yes", "seen": re.search('seen" value="([^"]+)"', page)[1]}
    answer = editor.post(address, taken, headers={"HX-Request": "true"})

    made = Flow.objects.get(name="Second")
    assert answer.headers["HX-Redirect"] == reverse("admin:ivr_flow_change", args=[made.pk])


def test_what_is_wrong_is_told_with_its_place(editor):
    flow = rows.simple_flow()
    file = greet(flow)
    file["steps"]["Greeting"] |= {"kind": "queue"}
    address = reverse("admin:ivr_flow_bring", args=[flow.pk])

    assert "steps.Greeting" in editor.post(address, {"file": upload(file)}).content.decode()
    assert "This is no JSON" in editor.post(address, {"file": upload(b"{")}).content.decode()
    assert "Choose a file first." in editor.post(address, {}).content.decode()


def test_who_only_looks_downloads_and_brings_nothing(client):
    flow = rows.simple_flow()
    client.force_login(rows.person(roles.AUDITOR))

    assert client.get(reverse("admin:ivr_flow_file", args=[flow.pk])).status_code == 200
    assert client.get(reverse("admin:ivr_flow_bring", args=[flow.pk])).status_code == 403
