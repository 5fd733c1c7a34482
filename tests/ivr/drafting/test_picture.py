"""A flow as nodes and edges."""

from ivr.drafting.picture import Overlay, picture, rough
from ivr.kinds.base import Problem
from tests.ivr.factories import END, make_document, make_json, make_step, option

STEPS = {
    "1": make_step(
        "menu",
        prompts={"greeting": "hello"},
        exits={"Sales": "2"},
        options=[option("Sales", "1", "buy"), option("Help")],
    ),
    "2": END,
    "3": END,
}


def node(drawn, key):
    return next(node for node in drawn["nodes"] if node["id"] == key)


def edge(drawn, key, name):
    return next(edge for edge in drawn["edges"] if (edge["from"], edge["exit"]) == (key, name))


def test_each_step_is_a_node_that_tells_what_it_is():
    drawn = picture(make_document(STEPS))

    assert drawn["first"] == "1"
    assert node(drawn, "1") | {"problems": None} == {
        "id": "1",
        "name": "1",
        "kind": "menu",
        "label": "Menu",
        "says": "hello in English.",
        "refers": "",
        "first": True,
        "reached": True,
        "ends": False,
        "problems": None,
        "inside": 0,
        "gaveUp": 0,
        "change": "",
    }
    assert (node(drawn, "2")["reached"], node(drawn, "3")["reached"]) == (True, False)


def test_each_exit_is_an_edge_whether_or_not_it_leads_somewhere():
    drawn = picture(make_document(STEPS))

    assert [edge["exit"] for edge in drawn["edges"] if edge["from"] == "1"] == [
        "Sales",
        "Help",
        "no_input",
        "wrong_input",
    ]
    assert edge(drawn, "1", "Sales")["detail"] == "key 1 or “buy”"
    assert (edge(drawn, "1", "Sales")["to"], edge(drawn, "1", "no_input")["to"]) == ("2", "")
    assert (edge(drawn, "1", "no_input")["label"], edge(drawn, "1", "no_input")["required"]) == ("No input", True)


def test_what_is_known_is_laid_over_it():
    over = Overlay(
        problems=(Problem("code", "error", "2", "It is wrong."), Problem("code", "error", "", "All of it is.")),
        counts={("1", "Sales"): 12},
        gave_up={"1": 3},
        inside={"2": 1},
        covered={("1", "Sales")},
    )

    drawn = picture(make_document(STEPS), over)

    assert node(drawn, "2")["problems"] == [{"severity": "error", "text": "It is wrong."}]
    assert (node(drawn, "1")["gaveUp"], node(drawn, "2")["inside"]) == (3, 1)
    assert edge(drawn, "1", "Sales")["count"] == 12
    assert (edge(drawn, "1", "Sales")["covered"], edge(drawn, "1", "Help")["covered"]) == (True, False)
    assert edge(picture(make_document(STEPS)), "1", "Sales")["covered"] is None


def test_the_name_of_what_a_step_refers_to_is_told():
    document = make_document(
        {"1": make_step("voicemail", mailbox="7", exits={"recorded": "2", "empty": "2"}), "2": END}
    )

    drawn = picture(document, Overlay(names={("mailbox", "7"): "Front desk"}))

    assert node(drawn, "1")["refers"] == "Front desk"


def test_since_an_older_document_steps_and_exits_tell_what_has_become_of_them():
    gone = make_step("message", prompts={"message": "bye"}, exits={"next": "2"})
    old = make_document(
        {"1": make_step("message", prompts={"message": "hi"}, exits={"next": "4"}), "2": END, "4": gone}
    )
    new = make_document({"1": make_step("message", prompts={"message": "hi"}, exits={"next": "2"}), "2": END, "5": END})

    drawn = picture(new, was=old)

    changes = {row["id"]: row["change"] for row in drawn["nodes"]}
    assert changes == {"1": "changed", "2": "", "5": "added", "4": "removed"}
    assert edge(drawn, "1", "next")["change"] == "changed"
    assert edge(drawn, "4", "next")["change"] == "removed"


def test_other_words_are_a_change_too():
    step = {"1": make_step("message", prompts={"message": "hi"}, exits={"next": "2"}), "2": END}
    other = {"hi": {"en-US": {"text": "Good morning."}}}

    drawn = picture(make_document(step, texts=other), was=make_document(step))

    assert [row["change"] for row in drawn["nodes"]] == ["changed", ""]


def test_a_draft_that_cannot_be_read_is_drawn_all_the_same():
    draft = make_json(STEPS)
    draft["steps"]["2"]["settings"] = {"reason": "no such reason"}

    drawn = rough(draft)

    assert [row["id"] for row in drawn["nodes"]] == ["1", "2", "3"]
    assert edge(drawn, "1", "Sales")["to"] == "2"
    assert set(node(drawn, "1")) == set(node(picture(make_document(STEPS)), "1"))
    assert set(edge(drawn, "1", "Sales")) == set(edge(picture(make_document(STEPS)), "1", "Sales"))
