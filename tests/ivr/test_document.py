import copy

import pytest

from ivr import document as documents
from ivr.document import Ahead
from ivr.kinds.base import Option
from ivr.kinds.settings import Broken
from tests.effort import effort
from tests.ivr.factories import END, make_document, make_json, make_step, option

MENU = make_step(
    "menu",
    settings={"timeout": 7, "threshold": 1},
    prompts={"greeting": "hello"},
    options=[option("Sales", "1", " sales ", "")],
    exits={"Sales": "bye", "no_input": "bye"},
)


def test_a_document_is_read_into_its_steps_languages_and_prompts():
    document = make_document({"menu": MENU, "bye": END}, flow=7)

    assert (document.flow, document.flow_name, document.first) == ("7", "Flow 7", "menu")
    assert document.script.languages == {"en-US": "Polly.Joanna-Neural", "es-US": "Polly.Lupe-Neural"}
    assert document.script.default == "en-US"
    menu = document.steps["menu"]
    assert (menu.id, menu.name, menu.KIND) == ("menu", "menu", "menu")
    assert menu.options == (Option("Sales", "1", ("sales",)),)
    assert (menu.timeout, menu.threshold, menu.barge_in) == (7, 1.0, True)


def test_a_draft_may_lack_what_problems_will_tell():
    document = make_document({"hours": make_step("hours")}, first="")

    assert document.first == ""
    assert document.steps["hours"].reference == ""


def broken(change):
    data = copy.deepcopy(make_json({"menu": MENU, "bye": END}))
    change(data)
    return data


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda data: data.update(format=99), "The format 99 is not known"),
        (lambda data: data.pop("format"), "The format None is not known"),
        (lambda data: data.pop("flow"), "does not name its flow"),
        (lambda data: data.pop("steps"), "The steps are missing"),
        (lambda data: data.pop("prompts"), "The prompts are missing"),
        (lambda data: data.pop("languages"), "The languages are missing"),
        (lambda data: data.update(languages=[["en-US"]]), "is not a language with its voice"),
        (lambda data: data.update(first="99"), "The first step '99' is not in the document"),
        (lambda data: data["prompts"].update(hello={"name": "Hello"}), "Prompt hello has no name or no wordings"),
        (
            lambda data: data["prompts"]["hello"]["wordings"].update({"en-US": {"voise": "x"}}),
            "A wording of prompt “hello”",
        ),
        (lambda data: data["steps"].update(x=[]), "Step x has a kind that is not known"),
        (lambda data: data["steps"]["menu"].update(kind="alien"), "Step menu has a kind that is not known"),
        (
            lambda data: data["steps"]["menu"].update(color="red"),
            "“menu”: 'color' does not belong to a step of the kind Menu",
        ),
        (lambda data: data["steps"]["menu"].update(schedule="4"), "'schedule' does not belong"),
        (lambda data: data["steps"]["menu"].update(exits={"no_input": "99"}), "“menu” leads to step '99'"),
        (lambda data: data["steps"]["menu"].update(exits={"no_input": None}), "'exits' must hold texts by name"),
        (lambda data: data["steps"]["menu"].update(prompts={"greeting": "99"}), "“menu” says prompt '99'"),
        (lambda data: data["steps"]["menu"].update(options={}), "'options' must be a list"),
        (lambda data: data["steps"]["menu"].update(options=[{"keys": "1"}]), "an option has an exit"),
        (
            lambda data: data["steps"]["menu"]["settings"].update(timeout="7"),
            "Seconds to wait for the caller: a whole number is wanted, not '7'",
        ),
        (lambda data: data["steps"]["menu"]["settings"].update(timeout=True), "a whole number is wanted, not True"),
        (lambda data: data["steps"]["menu"]["settings"].update(timeout=0), "from 1 to 60, not 0"),
        (lambda data: data["steps"]["menu"]["settings"].update(speed=1), "there is no setting 'speed'"),
        (lambda data: data["steps"]["menu"].update(settings=[]), "the settings must be an object"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(change, sentence):
    with pytest.raises(Broken) as told:
        documents.parse(broken(change))

    assert sentence in str(told.value)


@pytest.mark.parametrize("data", [None, [], "", 1, {}])
def test_what_is_no_document_is_refused(data):
    with pytest.raises(Broken):
        documents.parse(data)


def test_an_older_format_is_brought_up_step_by_step(monkeypatch):
    upgrades = {
        -1: lambda data: data | {"format": 0, "steps": {}},
        0: lambda data: data | {"format": 1, "languages": []},
    }
    monkeypatch.setattr(documents, "UPGRADES", upgrades)

    document = documents.parse({"format": -1, "flow": {"id": 1, "name": "Old"}, "prompts": {}})

    assert document.flow_name == "Old"


def test_what_lies_ahead_is_what_can_be_asked_before_the_caller_is_heard_again():
    document = make_document(
        {
            "first hours": make_step("hours", schedule="1", exits={"open": "menu", "closed": "hi", "holiday": "go"}),
            "hi": make_step("message", exits={"next": "more hours"}),
            "more hours": make_step("hours", schedule="2", exits={"open": "menu"}),
            "go": make_step("go_to", to_flow="9"),
            "menu": make_step("menu", exits={"no_input": "late hours", "wrong_input": "menu"}),
            "late hours": make_step("hours", schedule="3", exits={"open": "menu"}),
        }
    )

    assert document.ahead("first hours") == Ahead(frozenset({"1", "2"}), frozenset({"9"}))
    # a call that stands in the menu may leave it
    assert document.ahead("menu") == Ahead(frozenset({"3"}), frozenset())
    # one that comes to it waits there
    assert document.ahead("menu", arriving=True) == Ahead(frozenset(), frozenset())
    assert document.ahead("first hours", arriving=True) == document.ahead("first hours")
    assert document.ahead("unknown") == Ahead(frozenset(), frozenset())


def test_ten_times_as_many_steps_are_ten_times_the_work():
    def many(count):
        return make_json({str(number): MENU | {"exits": {"Sales": str(number)}} for number in range(count)})

    few, lots = many(100), many(1000)

    assert len(documents.parse(lots).steps) == 1000
    assert effort(lambda: documents.parse(lots)) <= 10 * effort(lambda: documents.parse(few))
