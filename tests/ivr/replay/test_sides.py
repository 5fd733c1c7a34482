"""One call as it was and as it would be, and how the first difference is told."""

from typing import Any

import pytest

from ivr.replay.sides import Sides, sides
from ivr.replay.telling import told
from ivr.replay.walking import World
from tests.ivr.factories import make_document, make_step
from tests.ivr.replay.recorder import Call
from tests.ivr.replay.test_answering import OLD, document, menu, option, pressing, steps


def laid(call: Call, draft: Any) -> Sides:
    world = World(draft, {"1": draft}, lambda _key, _at: None, lambda _flow, _number, _at: call.first)
    return sides(call.visit(), world)


def first_difference(call: Call, draft: Any) -> tuple[str, str, str]:
    rows = laid(call, draft).rows
    row = next(row for row in rows if row.differs)
    assert sum(bool(row.differs) for row in rows) == 1
    return row.differs, row.was.name if row.was else "", row.would.name if row.would else ""


def swapped(**more: Any) -> Any:
    ways = {"sales": "mail", "mail": "sales"}
    return document(menu=menu(option("sales", "1"), option("mail", "2"), exits=ways, **more))


def test_nothing_differs_in_the_same_document() -> None:
    assert [row.differs for row in laid(pressing("2").record(5), OLD).rows] == ["", "", ""]


def test_the_first_difference_is_marked_and_no_other() -> None:
    call = pressing("2").record(5)
    hello = make_step("message", exits={"next": "menu"}, prompts={"message": "hello"})

    assert first_difference(call, swapped()) == ("step", "mail", "sales")
    assert first_difference(call, document("hello", hello=hello)) == ("step", "menu", "hello")
    other = document(menu=menu(option("post", "2"), exits={"post": "mail"}))
    assert first_difference(call, other) == ("exit", "menu", "menu")
    words = make_document(steps(), texts={"choose": {"en-US": {"text": "Something new."}}})
    assert first_difference(call, words) == ("words", "menu", "menu")
    asked = document("ask", ask=menu(option("a", "8"), exits={"a": "menu"}))
    assert first_difference(call, asked) == ("step", "menu", "ask")


@pytest.mark.django_db
def test_it_is_told_in_words() -> None:
    call = pressing("2").record(5)

    said = told(laid(call, swapped()), show=lambda text: text.replace("choose", "…"))

    assert said["differs"]
    assert (said["was"], said["would"]) == ("reaches voicemail mail", "reaches sales (queue)")
    rows = said["rows"]
    assert rows[1].differs == "Here it differs: the call would come to “sales”, and not to “mail”."
    assert rows[0].was.lines == (("heard", "… in English."), ("did", "presses 2"))
    assert rows[0].was == rows[0].would
    assert rows[1].was.exit == "Recorded"
