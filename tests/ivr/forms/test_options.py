"""The rows in which options are written: what is refused, and with which words."""

import pytest

from ivr.drafting.drafts import compile_draft
from ivr.forms.options import LanguageOptionForm, OptionForm, languages, targets
from ivr.models import Exit, FlowLanguage
from tests.ivr import rows


def filled(form=OptionForm, **changed):
    return form({"name": "Sales", "keys": "1", "words": "", "target": ""} | changed)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"keys": ""}, "__all__", "Give a key, a word, or both"),
        ({"keys": "", "words": " \n \n"}, "__all__", "Give a key, a word, or both"),
        ({"keys": "1a"}, "keys", "Only 0 to 9"),
        ({"name": ""}, "name", "This field is required"),
        ({"name": "wrong_input"}, "name", "names a way out that steps always have"),
        ({"name": "recorded"}, "name", "names a way out that steps always have"),
    ],
    ids=["neither key nor word", "blank words", "a letter", "no name", "exit of a menu", "exit of another kind"],
)
@pytest.mark.django_db
def test_what_cannot_work_is_refused_with_words(changed, field, words):
    form = filled(**changed)

    assert [words in str(form.errors[field])] == [True]
    assert list(form.errors) == [field]


@pytest.mark.django_db
def test_words_are_kept_one_by_line_without_blanks():
    form = filled(keys="", words=" sales \n\n buy a bike\n")

    assert form.is_valid()
    assert form.cleaned_data["words"] == "sales\nbuy a bike"
    assert form.instance.is_option


@pytest.mark.django_db
def test_an_option_leads_to_steps_of_its_own_flow_which_are_told_with_their_kind():
    flow = rows.simple_flow()
    rows.simple_flow("Other")

    field = targets(flow)

    assert [label for _value, label in field.choices] == ["Not decided yet", "Greeting (Message)", "The end (Hang up)"]


@pytest.mark.django_db
def test_a_language_option_offers_the_languages_of_its_flow_in_their_order():
    flow = rows.simple_flow()
    FlowLanguage.objects.update(position=2)
    FlowLanguage.objects.create(flow=flow, language="es-US", voice="Polly.Lupe-Neural", position=1)

    assert [code for code, _label in languages(flow).choices] == ["", "es-US", "en-US"]
    assert "language" in LanguageOptionForm.base_fields
    assert "language" not in OptionForm.base_fields


@pytest.mark.django_db
def test_a_new_option_comes_after_those_that_stand_there():
    flow = rows.simple_flow()
    menu = rows.step(flow, "Menu", "menu")
    for place, name in enumerate(("Sales", "Service")):
        Exit.objects.create(step=menu, name=name, keys=str(place), is_option=True, position=place)

    form = filled(name="Complaints", keys="5")
    form.instance.step = menu
    assert form.is_valid()
    form.save()

    names = [option["exit"] for option in compile_draft(flow)["steps"][str(menu.pk)]["options"]]
    assert names == ["Sales", "Service", "Complaints"]
