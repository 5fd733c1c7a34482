"""Documents in words."""

from ivr.drafting import overview
from tests.ivr.factories import END, make_document, make_step, option, wordings


def menu(**more):
    return make_step(
        "menu",
        prompts={"greeting": "hello"},
        options=[option("Sales", "1", "sales", "buy"), option("Help", "", "help")],
        exits={"Sales": "Ring", "Help": "Bye", "no_input": "Bye"},
        **more,
    )


def ring(**settings):
    return make_step(
        "ring",
        settings={"targets": ["+15005550110"], **settings},
        prompts={"whisper": "whisper"},
        exits={"answered": "Bye", "nobody": "Bye"},
    )


STEPS = {"Menu": menu(), "Lost": END, "Bye": END, "Ring": ring()}


def test_steps_come_as_callers_meet_them_and_those_that_nothing_leads_to_last():
    rows = overview.rows(make_document(STEPS))

    assert [(row.name, row.reached) for row in rows] == [
        ("Menu", True),
        ("Ring", True),
        ("Bye", True),
        ("Lost", False),
    ]
    assert [row.name for row in rows if row.is_first] == ["Menu"]


def test_a_step_tells_what_takes_each_way_and_where_it_leads():
    row = overview.rows(make_document(STEPS))[0]

    assert [(way.label, way.detail, way.target_name) for way in row.ways] == [
        ("Sales", "key 1 or “sales”, “buy”", "Ring"),
        ("Help", "“help”", "Bye"),
        ("No input", "", "Bye"),
        ("Wrong input", "", ""),
    ]


def test_a_step_tells_what_callers_hear_without_its_markup():
    texts = {"hello": wordings("Hello <break time='1s'/> there.")}

    menu_row, ring_row, *_ = overview.rows(make_document(STEPS, texts=texts))

    assert menu_row.says == "Hello there."
    assert ring_row.says == "ringing at +15005550110"


def test_a_sound_is_told_by_its_name():
    texts = {"hello": {"en-US": {"audio": "ab" * 32}}}

    assert overview.rows(make_document(STEPS, texts=texts))[0].says == "♪ hello"
