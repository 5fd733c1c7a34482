import pytest

from ivr.kinds import KIND_CHOICES, KINDS
from ivr.kinds.base import Keys, Option
from ivr.kinds.menu import Menu
from tests.ivr.factories import Walk, make_document, make_step

MINIMAL = {
    "message": make_step("message"),
    "menu": make_step("menu"),
    "collect": make_step("collect"),
    "hours": make_step("hours"),
    "caller": make_step("caller"),
    "language": make_step("language"),
    "look_up": make_step("look_up"),
    "branch": make_step("branch"),
    "set": make_step("set"),
    "share": make_step("share"),
    "consent": make_step("consent"),
    "queue": make_step("queue"),
    "call_back": make_step("call_back"),
    "ring": make_step("ring"),
    "text": make_step("text"),
    "voicemail": make_step("voicemail"),
    "conference_room": make_step("conference_room"),
    "go_to": make_step("go_to"),
    "send_away": make_step("send_away"),
    "raw_twiml": make_step("raw_twiml"),
    "hang_up": make_step("hang_up"),
    "reject": make_step("reject"),
}


def test_every_kind_can_be_chosen_and_has_a_label():
    assert [kind for kind, _ in KIND_CHOICES] == list(KINDS) == list(MINIMAL)
    assert all(label for _, label in KIND_CHOICES)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_answers_even_when_nothing_is_filled_in(kind):
    walk = Walk(make_document({"step": MINIMAL[kind]}))

    assert walk.verbs
    while not walk.ending:
        walk.hear(Keys("9"))


@pytest.mark.parametrize("kind", KINDS)
def test_names_of_exits_and_prompts_come_once_each(kind):
    exits = [row.name for row in KINDS[kind].EXITS]
    roles = [row.name for row in KINDS[kind].PROMPTS]

    assert len(exits) == len(set(exits))
    assert len(roles) == len(set(roles))


def test_options_add_exits_that_the_caller_chooses():
    menu = Menu("1", "Menu", {}, {}, options=(Option("Sales", "1"),))

    assert [(row.name, row.by_caller) for row in menu.exit_names()] == [
        ("no_input", False),
        ("wrong_input", True),
        ("Sales", True),
    ]
    assert [menu.is_by_caller(name) for name in ("no_input", "wrong_input", "Sales")] == [False, True, True]
