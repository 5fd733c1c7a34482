"""The page of prompts by language, and its sheets."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agents import roles
from ivr.models import Prompt, Wording
from tests.ivr import rows
from tests.ivr.prompts.test_saying import bilingual

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def shown(client, **query):
    return client.get(reverse("admin:ivr_prompt_table"), query).content.decode()


def test_the_table_says_what_is_missing_in_words_and_leads_to_it(editor):
    bilingual()

    page = shown(editor)

    assert "1 text is missing: 1 in Spanish (US)" in page or "1 text is missing: 1 in Spanish" in page
    assert f"{reverse('admin:ivr_prompt_edit', args=[Prompt.objects.get().pk])}?language=es-US" in page


def test_nothing_missing_is_said_too(editor):
    rows.simple_flow()

    assert "Nothing is missing" in shown(editor)
    assert "Nothing is missing here." in shown(editor, missing="1")


def test_the_table_of_a_flow_has_its_prompts_alone(editor):
    flow = rows.simple_flow()
    rows.prompt("Elsewhere")

    assert "Elsewhere" not in shown(editor, flow=flow.pk)
    assert "Elsewhere" in shown(editor)


def test_a_saved_row_is_drawn_anew_by_itself(editor):
    bilingual()
    prompt = Prompt.objects.get()

    row = shown(editor, row=prompt.pk)

    assert row.lstrip().startswith(f'<tbody id="prompt-{prompt.pk}"')
    assert "Saved" in row


def test_who_may_only_look_sees_no_way_to_edit(client):
    rows.simple_flow()
    client.force_login(rows.person(roles.SUPERVISOR))

    page = shown(client)

    assert "Hello." in page
    assert "/edit/" not in page
    assert client.get(reverse("admin:ivr_prompt_import")).status_code == 403


def test_the_page_is_of_no_interest_to_strangers(client):
    client.force_login(rows.person(roles.AGENT))

    for name in ("table", "export"):
        assert client.get(reverse(f"admin:ivr_prompt_{name}")).status_code == 403


def test_a_sheet_goes_out(editor):
    bilingual()

    answer = editor.get(reverse("admin:ivr_prompt_export"))

    assert "prompt,said in,en-US,es-US" in answer.content.decode()
    assert 'filename="prompts-' in answer["Content-Disposition"]


def test_a_sheet_is_shown_first_and_saved_when_it_is_confirmed(editor):
    bilingual()
    url = reverse("admin:ivr_prompt_import")

    preview = editor.post(url, {"file": SimpleUploadedFile("prompts.csv", b"prompt,es-US\nHello,Buenas.\n")})
    before = Wording.objects.count()
    context = preview.context
    editor.post(url, {"content": context["content"], "fingerprint": context["plan"].fingerprint})

    assert before == 1
    assert "Save 1 text" in preview.content.decode()
    assert Wording.objects.get(language="es-US").text == "Buenas."


def test_a_sheet_that_no_longer_fits_is_shown_again(editor):
    bilingual()
    url = reverse("admin:ivr_prompt_import")
    preview = editor.post(url, {"file": SimpleUploadedFile("prompts.csv", b"prompt,es-US\nHello,Buenas.\n")})
    Wording.objects.create(prompt=Prompt.objects.get(), language="es-US", text="Hola.")

    answer = editor.post(
        url, {"content": preview.context["content"], "fingerprint": preview.context["plan"].fingerprint}
    )

    assert "Something has changed meanwhile" in answer.content.decode()
    assert Wording.objects.get(language="es-US").text == "Hola."


def test_a_file_that_is_no_sheet_is_told(editor):
    answer = editor.post(
        reverse("admin:ivr_prompt_import"), {"file": SimpleUploadedFile("prompts.csv", b"who,what\na,b\n")}
    )

    assert "Unknown columns" in answer.content.decode()


def test_the_page_asks_no_more_for_many_prompts(editor, django_assert_max_num_queries):
    flow = bilingual()
    for number in range(20):
        rows.says(rows.step(flow, f"Step {number}"), "goodbye", rows.prompt(f"Prompt {number}"))

    with django_assert_max_num_queries(22):
        shown(editor)
