"""A branch: the first option that fits, otherwise the other way."""

from datetime import UTC, datetime

import pytest

from ivr.problems import Knowledge, problems
from tests.ivr.factories import END, Walk, make_document, make_step, option, wordings

WORKDAY = option("Workday", "", "days: Monday, Tuesday, Wednesday, Thursday, Friday", "time: 09:00 to 17:00")
NIGHT = option("Night", "", "time: 22:00 to 06:00")
SUMMER = datetime(2026, 7, 6, 7, 30, tzinfo=UTC)  # a Monday


def make_branch(*options, **settings):
    exits = {row["exit"]: "end" for row in options} | {"otherwise": "end"}
    steps = {"branch": make_step("branch", options=list(options), exits=exits, settings=settings), "end": END}
    return make_document(steps)


def kept(value, *options):
    """Walk a flow that keeps a value and branches on it; give the way that was taken."""
    exits = {row["exit"]: "end" for row in options} | {"otherwise": "end"}
    branch = make_step("branch", options=list(options), exits=exits, settings={"variable": "plan"})
    keep = make_step("set", settings={"values": [f"plan = {value}"]}, exits={"next": "branch"})
    return Walk(make_document({"keep": keep, "branch": branch, "end": END})).left_by[1]


@pytest.mark.parametrize(
    ("value", "way"),
    [("Gold", "gold"), ("silver", "other metal"), ("7", "some"), ("70", "many"), ("", "none"), ("x", "otherwise")],
)
def test_the_first_option_that_fits_is_taken(value, way):
    options = [
        option("gold", "", "is: gold"),
        option("other metal", "", "is: gold", "is: silver"),
        option("many", "", "at least: 10"),
        option("some", "", "at least: 1"),
        option("none", "", "empty"),
    ]

    assert kept(value, *options) == way


def test_what_nobody_has_kept_is_empty():
    document = make_branch(option("none", "", "empty"), variable="plan")

    assert Walk(document).left_by == ["none"]


@pytest.mark.parametrize(
    ("zone", "at", "way"),
    [
        ("UTC", SUMMER, "otherwise"),
        ("Europe/Berlin", SUMMER, "Workday"),  # 9:30 there
        ("America/New_York", SUMMER, "Night"),  # 3:30
        ("Europe/Berlin", datetime(2026, 7, 5, 7, 30, tzinfo=UTC), "otherwise"),  # a Sunday
        ("Europe/Berlin", datetime(2026, 12, 7, 7, 30, tzinfo=UTC), "otherwise"),  # in winter 8:30
        ("Europe/Berlin", None, "otherwise"),
    ],
)
def test_the_time_on_the_wall_of_the_zone_decides(zone, at, way):
    assert Walk(make_branch(WORKDAY, NIGHT, by="time", zone=zone), now=at).left_by == [way]


@pytest.mark.parametrize(
    ("called", "way"),
    [
        ("+15005550100", "main"),
        ("sip:desk@company.sip.twilio.com:5061;transport=tls", "desk"),
        ("+15005550199", "otherwise"),
        ("", "otherwise"),
    ],
)
def test_the_number_that_was_called_decides(called, way):
    document = make_branch(
        option("main", "", "+1 500 555-0100"), option("desk", "", "sip:desk@Company.sip.twilio.com"), by="called"
    )

    assert Walk(document, called=called).left_by == [way]


@pytest.mark.parametrize(
    ("caller", "way"),
    [
        ("+4930901820", "German"),
        ("+43123456789", "German"),
        ("+14155552671", "otherwise"),
        ("anonymous", "hidden"),
        ("client:ann", "hidden"),
    ],
)
def test_the_country_that_is_called_from_decides(caller, way):
    document = make_branch(option("German", "", "Germany", "at"), option("hidden", "", "withheld"), by="country")

    assert Walk(document, caller=caller).left_by == [way]


@pytest.mark.parametrize(
    ("settings", "options", "codes"),
    [
        ({"variable": "plan"}, [option("gold", "", "is: gold")], []),
        ({}, [option("gold", "", "is: gold")], ["nothing_decides"]),
        ({"variable": "plan"}, [], ["nothing_to_decide"]),
        ({"variable": "plan"}, [option("gold", "1", "is: gold")], ["keys_for_values"]),
        ({"variable": "plan"}, [option("gold", "", "gold")], ["bad_comparison"]),
        ({"variable": "plan"}, [option("gold")], ["bad_comparison"]),
        ({"variable": "plan"}, [option("all", "", "contains: o"), option("gold", "", "is: gold")], ["never_taken"]),
        ({"by": "time"}, [WORKDAY, NIGHT], []),
        ({"by": "time"}, [option("gold", "", "is: gold")], ["bad_comparison"]),
        ({"by": "called"}, [option("one", "", "+15005550100"), option("two", "", "+1 500 555 0100")], ["never_taken"]),
        ({"by": "called"}, [option("one")], ["bad_comparison"]),
        ({"by": "country"}, [option("one", "", "Atlantis")], ["bad_comparison"]),
        ({"by": "country"}, [option("one", "", "DE", "FR"), option("two", "", "Germany")], ["never_taken"]),
        ({"by": "country"}, [option("one", "", "DE"), option("two", "", "Germany", "IT")], []),
    ],
)
def test_its_problems(settings, options, codes):
    step = make_branch(*options, **settings).steps["branch"]

    assert [problem.code for problem in step.problems()] == codes


def test_a_hidden_option_is_told_with_the_one_before_it():
    step = make_branch(option("all", "", "is not: x"), option("gold", "", "is: gold"), variable="plan").steps["branch"]

    assert [problem.text for problem in step.problems()] == [
        "Option “gold” of step “branch” is never taken: what fits it is taken by others first, as by “all”."
    ]


def test_a_value_that_nothing_keeps_is_told():
    document = make_branch(option("gold", "", "is: gold"), variable="plan")

    told = [problem for problem in problems(document, knowledge=Knowledge()) if problem.code == "unknown_variable"]

    assert [(one.severity, one.text) for one in told] == [
        ("warning", "Step “branch” uses “plan”, which no step of this flow keeps.")
    ]


@pytest.mark.parametrize(
    ("settings", "words", "told"),
    [
        ({"variable": "plan"}, ("is: gold", "is: tin"), "plan is gold or tin"),
        ({"by": "time"}, ("days: Sunday",), "Sunday"),
        ({"by": "called"}, ("+15005550100",), "+1 500-555-0100"),
        ({"by": "country"}, ("de", "withheld"), "Germany, number withheld"),
        ({"variable": "plan"}, ("gold",), "gold"),
    ],
)
def test_its_options_are_told_in_words(settings, words, told):
    step = make_branch(option("one", "", *words), **settings).steps["branch"]

    assert step.in_words(step.options[0]) == told


def test_its_words_are_not_what_callers_may_say():
    document = make_document(
        {"branch": make_step("branch", options=[option("gold", "", "is: gold")], settings={"variable": "plan"})},
        languages=(("cy-GB", "Polly.Gwyneth"),),
        texts={"hello": wordings()},
    )

    codes = {problem.code for problem in problems(document, knowledge=Knowledge())}

    assert "not_understood" not in codes
