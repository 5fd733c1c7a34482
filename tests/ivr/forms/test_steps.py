"""The form of a step is made from what its kind says of itself."""

import pytest
from django import forms

from ivr.drafting.references import REFERENCES
from ivr.forms.steps import kind_of, label_of, step_form
from ivr.kinds import KINDS
from ivr.models import Exit, Schedule, StepPrompt
from tests.ivr import rows
from tests.telephony.factories import phone_number

pytestmark = pytest.mark.django_db


def form_of(step, data=None):
    return step_form(kind_of(step), step.flow)(data, instance=step)


@pytest.mark.parametrize("kind", KINDS)
def test_each_field_has_a_label_and_optional_ones_say_so(kind):
    form = step_form(KINDS[kind], rows.flow())()

    for role in KINDS[kind].PROMPTS:
        assert form.fields[f"prompt_{role.name}"].label == role.label + ("" if role.required else " (optional)")
    for row in KINDS[kind].EXITS:
        assert form.fields[f"exit_{row.name}"].label == row.label + ("" if row.required else " (optional)")
    assert all(field.label for field in form.fields.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_asks_for_no_reference_but_the_one_that_its_kind_takes(kind):
    form = step_form(KINDS[kind], rows.flow())()

    references = set(REFERENCES) & form.fields.keys()

    assert references == ({KINDS[kind].TAKES} if KINDS[kind].TAKES else set())
    assert all(form.fields[name].required and form.fields[name].help_text for name in references)


def test_what_is_saved_is_shown_again():
    flow = rows.flow()
    end, prompt = rows.step(flow, "The end"), rows.prompt()
    menu = rows.says(
        rows.step(flow, "Choose", "menu", settings={"timeout": 9}, exits={"no_input": end}), "greeting", prompt
    )

    initial = form_of(menu).initial

    assert (initial["setting_timeout"], initial["prompt_greeting"], initial["exit_no_input"]) == (9, prompt.pk, end.pk)
    assert "setting_threshold" not in initial


def test_saving_it_again_changes_the_rows_and_makes_no_others():
    flow = rows.simple_flow()
    greeting, other = flow.first, rows.prompt("Other", "Good day.")
    new_end = rows.step(flow, "Another end")
    form = form_of(greeting, {"name": "Greeting", "prompt_message": other.pk, "exit_next": new_end.pk})

    form.save()

    assert list(StepPrompt.objects.values_list("step", "role", "prompt")) == [(greeting.pk, "message", other.pk)]
    assert list(Exit.objects.values_list("step", "name", "target")) == [(greeting.pk, "next", new_end.pk)]


@pytest.mark.parametrize(
    ("kind", "typed", "field", "words"),
    [
        ("menu", {"setting_timeout": "0"}, "setting_timeout", "greater than or equal to 1"),
        ("menu", {"setting_threshold": "a lot"}, "setting_threshold", "Enter a number"),
        ("hang_up", {"setting_reason": "boredom"}, "setting_reason", "Select a valid choice"),
        ("ring", {"setting_targets": "+15005550110", "setting_order": "at random"}, "setting_order", "valid choice"),
        ("hours", {"schedule": "4711"}, "schedule", "Select a valid choice"),
        ("message", {"prompt_message": "4711"}, "prompt_message", "Select a valid choice"),
        ("message", {"name": ""}, "name", "This field is required"),
    ],
)
def test_bad_input_is_refused_at_its_field(kind, typed, field, words):
    form = step_form(KINDS[kind], rows.flow())({"name": "It"} | typed)

    assert not form.is_valid()
    assert words in str(form.errors[field])


def test_a_step_may_lead_to_itself_but_not_out_of_its_flow():
    flow, other = rows.flow(), rows.flow("Other")
    step, stranger = rows.step(flow, "Again", "message"), rows.step(other, "Stranger")

    offered = [label for _value, label in form_of(step).fields["exit_next"].choices]

    assert offered == ["Not decided yet", "Again (Message)"]
    assert label_of(stranger) not in offered


def test_the_caller_id_is_one_of_our_numbers_or_the_callers_own():
    phone_number("+14155550100")
    phone_number("+14155550101", sid="PN2", is_gone=True)

    field = step_form(KINDS["ring"], rows.flow())().fields["setting_caller_id"]

    assert isinstance(field, forms.ChoiceField)
    assert [value for value, _label in field.choices] == ["", "+14155550100"]


def test_a_reference_is_saved_with_the_step():
    flow, schedule = rows.flow(), Schedule.objects.create(name="Week")
    form = step_form(KINDS["hours"], flow)({"name": "Open?", "schedule": schedule.pk})

    step = form.save()

    assert (step.flow, step.kind, step.schedule) == (flow, "hours", schedule)
