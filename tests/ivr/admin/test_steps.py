"""A step's page: the form of its kind, and what it writes."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.kinds import KINDS
from ivr.models import Exit, Schedule, Step
from recordings.models import Mailbox
from tests.ivr import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    return client


def add_page(flow, kind):
    return f"{reverse('admin:ivr_step_add')}?flow={flow.pk}&kind={kind}"


def options(*given):
    """Give the fields of options: name, keys, words, target."""
    fields = {"exits-TOTAL_FORMS": str(len(given)), "exits-INITIAL_FORMS": "0"}
    for index, (name, keys, words, target) in enumerate(given):
        prefix = f"exits-{index}-"
        fields |= {f"{prefix}name": name, f"{prefix}keys": keys, f"{prefix}words": words, f"{prefix}target": target.pk}
    return fields


MENU = {
    "name": "Choose",
    "setting_timeout": "4",
    "setting_max_silences": "2",
    "setting_max_mistakes": "2",
    "setting_barge_in": "on",
    "setting_threshold": "0.6",
    "setting_speech_pause": "2",
}


def test_a_step_is_added_by_picking_its_kind_first(client):
    client.force_login(rows.person(roles.ADMINISTRATOR))
    flow = rows.flow()

    page = client.get(f"{reverse('admin:ivr_step_add')}?flow={flow.pk}").content.decode()

    for kind in KINDS:
        assert f"kind={kind}" in page


def test_a_step_without_a_flow_is_not_found(editor):
    assert editor.get(reverse("admin:ivr_step_add")).status_code == 404
    assert editor.get(f"{reverse('admin:ivr_step_add')}?flow=4711").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_form_with_a_field_for_all_that_it_knows(client, kind):
    client.force_login(rows.person(roles.ADMINISTRATOR))

    page = client.get(add_page(rows.flow(), kind)).content.decode()

    fields = [
        *(f"setting_{name}" for name in KINDS[kind].settings()),
        *(f"prompt_{role.name}" for role in KINDS[kind].PROMPTS),
        *(f"exit_{row.name}" for row in KINDS[kind].EXITS),
        *filter(None, [KINDS[kind].TAKES]),
    ]
    for field in fields:
        assert f'name="{field}"' in page
    assert ('name="exits-TOTAL_FORMS"' in page) is KINDS[kind].HAS_OPTIONS


def test_a_menu_is_saved_with_its_settings_prompts_exits_and_options(editor):
    flow = rows.flow()
    end, prompt = rows.step(flow, "The end"), rows.prompt()

    answer = editor.post(
        add_page(flow, "menu"),
        MENU
        | {"prompt_greeting": prompt.pk, "exit_no_input": end.pk}
        | options(("Sales", "1", "sales\n\n buy ", end), ("Help", "*", "", end)),
    )

    menu = Step.objects.get(name="Choose")
    assert answer.url == reverse("admin:ivr_flow_change", args=[flow.pk])
    assert (menu.flow, menu.kind) == (flow, "menu")
    assert menu.settings == {
        "timeout": 4,
        "max_silences": 2,
        "max_mistakes": 2,
        "barge_in": True,
        "threshold": 0.6,
        "speech_pause": 2,
    }
    assert [(use.role, use.prompt) for use in menu.prompts.all()] == [("greeting", prompt)]
    assert set(menu.exits.values_list("name", "keys", "words", "is_option", "target")) == {
        ("no_input", "", "", False, end.pk),
        ("Sales", "1", "sales\nbuy", True, end.pk),
        ("Help", "*", "", True, end.pk),
    }


def test_what_is_taken_away_in_the_form_is_gone(editor):
    flow = rows.simple_flow()

    editor.post(
        reverse("admin:ivr_step_change", args=[flow.first_id]),
        {"name": "Greeting", "prompt_message": "", "exit_next": ""},
    )

    assert not flow.first.prompts.exists()
    assert not flow.first.exits.exists()


def test_a_setting_out_of_its_bounds_is_refused_with_words(editor):
    flow = rows.flow()

    page = editor.post(add_page(flow, "menu"), MENU | {"setting_timeout": "600"} | options()).content.decode()

    assert "less than or equal to 60" in page
    assert not Step.objects.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("Sales", "", ""), "nobody can choose this option"),
        (("Sales", "1a", ""), "Only 0 to 9"),
        (("no_input", "1", ""), "names a way out that steps always have"),
    ],
)
def test_an_option_that_cannot_work_is_refused_with_words(editor, given, words):
    flow = rows.flow()
    end = rows.step(flow, "The end")

    page = editor.post(add_page(flow, "menu"), MENU | options((*given, end))).content.decode()

    assert words in page
    assert not Step.objects.filter(name="Choose").exists()


def test_an_exit_leads_only_to_a_step_of_the_same_flow(editor):
    flow, other = rows.flow(), rows.flow("Other")
    stranger = rows.step(other, "Stranger")

    page = editor.post(
        add_page(flow, "menu"), MENU | {"exit_no_input": stranger.pk} | options(("Sales", "1", "", stranger))
    ).content.decode()

    assert page.count("Select a valid choice") == 2
    assert not Exit.objects.filter(target=stranger).exists()


def test_two_steps_of_a_flow_cannot_share_a_name(editor):
    flow = rows.simple_flow()

    page = editor.post(add_page(flow, "hang_up"), {"name": "The end", "setting_reason": "completed"}).content.decode()

    assert "already has a step with this name" in page


def test_people_to_ring_are_kept_one_by_line(editor):
    flow = rows.flow()

    editor.post(
        add_page(flow, "ring"),
        {
            "name": "Sales",
            "setting_targets": "+15005550110\r\n\r\n client:ann ",
            "setting_order": "in_turn",
            "setting_seconds": "20",
            "setting_caller_id": "",
        },
    )

    assert Step.objects.get(name="Sales").settings["targets"] == ["+15005550110", "client:ann"]


def test_a_caller_id_that_is_none_of_ours_stays_chosen_until_somebody_changes_it(editor):
    flow = rows.flow()
    ring = rows.step(flow, "Sales", "ring", settings={"caller_id": "+15005550199"})

    page = editor.get(reverse("admin:ivr_step_change", args=[ring.pk])).content.decode()

    assert '<option value="+15005550199" selected' in page


@pytest.mark.parametrize(
    ("kind", "reference", "make"),
    [
        ("hours", "schedule", lambda: Schedule.objects.create(name="Week")),
        ("voicemail", "mailbox", lambda: Mailbox.objects.create(name="Desk")),
        ("go_to", "to_flow", lambda: rows.flow("Other")),
    ],
)
def test_a_kind_that_needs_something_asks_for_it(editor, kind, reference, make):
    flow, thing = rows.flow(), make()
    settings = {
        f"setting_{name}": setting.default
        for name, setting in KINDS[kind].settings().items()
        if not isinstance(setting.default, bool)
    }

    without = editor.post(add_page(flow, kind), {"name": "It", **settings}).content.decode()
    editor.post(add_page(flow, kind), {"name": "It", reference: thing.pk, **settings})

    assert "This field is required" in without
    assert getattr(Step.objects.get(name="It"), reference) == thing


def test_a_step_that_others_lead_to_cannot_be_deleted_and_the_page_names_them(editor):
    flow = rows.simple_flow()
    end = flow.steps.get(name="The end")

    page = editor.get(reverse("admin:ivr_step_delete", args=[end.pk])).content.decode()
    editor.post(reverse("admin:ivr_step_delete", args=[end.pk]), {"post": "yes"})

    assert "step Greeting in flow Main" in page
    assert reverse("admin:ivr_step_change", args=[flow.first_id]) in page
    assert Step.objects.filter(pk=end.pk).exists()


def test_deleting_a_free_step_leads_back_to_its_flow(editor):
    flow = rows.simple_flow()
    free = rows.step(flow, "Free")

    answer = editor.post(reverse("admin:ivr_step_delete", args=[free.pk]), {"post": "yes"})

    assert answer.url == reverse("admin:ivr_flow_change", args=[flow.pk])
    assert not Step.objects.filter(pk=free.pk).exists()
