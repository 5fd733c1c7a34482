"""Options of branches and shares, as people fill them in."""

import pytest
from django.urls import reverse

from agents import roles
from ivr.forms.branches import BranchOptionForm, ShareOptionForm
from ivr.forms.options import of_flow
from ivr.models import Exit, Flow, Step
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def branch_form(by, data, words=""):
    flow = rows.flow(f"Flow {Flow.objects.count()}")
    step = rows.step(flow, "Choose", "branch", settings={"by": by})
    form = of_flow(BranchOptionForm, flow)
    return form({"name": "One", **data}, instance=Exit(step=step, words=words, is_option=True), step=step)


@pytest.mark.parametrize(
    ("by", "typed", "words"),
    [
        ("variable", {"how": "is", "values": " gold \n\nsilver"}, "is: gold\nis: silver"),
        ("variable", {"how": "empty", "values": "gold"}, "empty"),
        ("variable", {"how": "at least", "values": "10"}, "at least: 10"),
        (
            "time",
            {"days": ["0", "4"], "begins": "09:00", "ends": "17:00", "values": "gold"},
            "days: Monday, Friday\ntime: 09:00 to 17:00",
        ),
        ("time", {"first": "2026-12-24", "last": "2026-12-26"}, "dates: 2026-12-24 to 2026-12-26"),
        ("time", {"first": "2026-12-24"}, "dates: 2026-12-24 to"),
        ("called", {"values": "+1 500 555-0100"}, "+1 500 555-0100"),
        ("country", {"values": "Germany\nat"}, "Germany\nat"),
    ],
)
def test_what_is_filled_in_becomes_lines_and_comes_back(by, typed, words):
    form = branch_form(by, typed)

    assert form.is_valid(), form.errors
    assert form.instance.words == words
    shown = branch_form(by, {}, words).initial
    again = {name: value for name, value in shown.items() if name in ("how", "values", "days", "first", "last")}
    again |= {name: f"{shown[name]:%H:%M}" for name in ("begins", "ends") if shown.get(name)}
    once_more = branch_form(by, again)
    assert once_more.is_valid()
    assert once_more.instance.words == words


@pytest.mark.parametrize(
    ("by", "typed", "field", "words"),
    [
        ("variable", {"how": "is"}, "values", "Give a value, or choose “is empty”."),
        ("variable", {"how": "at most", "values": "many"}, "values", "“many” is no number"),
        ("time", {}, "begins", "It names no days"),
        ("time", {"begins": "09:00"}, "begins", "Give both times"),
        ("time", {"first": "2026-12-26", "last": "2026-12-24"}, "begins", "end before they begin"),
        ("called", {}, "values", "It names no number."),
        ("country", {"values": "Atlantis"}, "values", "is no country"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_words(by, typed, field, words):
    form = branch_form(by, typed)

    assert not form.is_valid()
    assert words in str(form.errors[field])


def test_what_was_written_for_something_else_is_shown_as_it_is():
    assert branch_form("time", {}, "is: gold").initial["values"] == "is: gold"


@pytest.mark.parametrize(("typed", "words"), [("50", "50 %"), ("33.30", "33.3 %"), ("100", "100 %")])
def test_a_percentage_is_kept_in_words(typed, words):
    flow = rows.flow()
    step = rows.step(flow, "Share", "share")
    form = of_flow(ShareOptionForm, flow)({"name": "One", "percentage": typed}, instance=Exit(step=step))

    assert form.is_valid(), form.errors
    assert form.instance.words == words
    assert str(of_flow(ShareOptionForm, flow)(instance=form.instance).initial["percentage"]) == words.split()[0]


def option_rows(*rows_):
    fields = {"exits-TOTAL_FORMS": str(len(rows_)), "exits-INITIAL_FORMS": "0"}
    return fields | {f"exits-{n}-{name}": value for n, row in enumerate(rows_) for name, value in row.items()}


def test_a_branch_is_saved_from_its_page_in_the_order_of_its_turns(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    flow = rows.flow()
    end = rows.step(flow, "The end")
    page = f"{reverse('admin:ivr_step_add')}?flow={flow.pk}&kind=branch"
    ways = option_rows(
        {"position": "2", "name": "Sunday", "days": ["6"], "target": end.pk},
        {"position": "1", "name": "Night", "begins": "22:00", "ends": "06:00", "target": end.pk},
    )

    client.post(page, {"name": "When?", "setting_by": "time", "setting_zone": "Europe/Berlin", **ways})

    step = Step.objects.get(name="When?")
    assert step.settings == {"by": "time", "variable": "", "zone": "Europe/Berlin"}
    options = step.exits.order_by("position").values_list("name", "words", "is_option")
    assert list(options) == [("Night", "time: 22:00 to 06:00", True), ("Sunday", "days: Sunday", True)]


def test_shares_that_are_not_all_of_the_calls_are_refused(client):
    client.force_login(rows.person(roles.FLOW_EDITOR))
    flow = rows.flow()
    page = f"{reverse('admin:ivr_step_add')}?flow={flow.pk}&kind=share"
    typed = {"name": "Trial", "setting_same_caller": "on"}

    wrong = client.post(page, typed | option_rows({"name": "a", "percentage": "50"}, {"name": "b", "percentage": "40"}))
    client.post(page, typed | option_rows({"name": "a", "percentage": "50"}, {"name": "b", "percentage": "50"}))

    assert "add up to 90 %, not to 100 %: 10 % are missing" in wrong.content.decode()
    assert list(Step.objects.get(name="Trial").exits.values_list("words", flat=True)) == ["50 %", "50 %"]


def test_who_only_looks_reads_the_conditions(client):
    flow = rows.flow()
    step = rows.step(flow, "When?", "branch", settings={"by": "time"})
    Exit.objects.create(step=step, name="Sunday", words="days: Sunday", is_option=True)
    client.force_login(rows.person(roles.AUDITOR))

    page = client.get(reverse("admin:ivr_step_change", args=[step.pk])).content.decode()

    assert "days: Sunday" in page
