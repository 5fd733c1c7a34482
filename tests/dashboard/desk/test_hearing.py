"""Who hears whom, in sentences and as a picture."""

import pytest

from dashboard.desk.hearing import Someone, listed, picture, sentences

ME = Someone("me", "you", is_me=True)
CALLER = Someone("caller", "the caller")
BO = Someone("bo", "Bo")


def on_hold(one):
    return Someone(one.id, one.name, one.is_me, held=True)


def muted(one, coaches=""):
    return Someone(one.id, one.name, one.is_me, muted=not coaches, coaches=coaches)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((), ()),
        ((ME,), ("You are alone on the line.",)),
        ((ME, CALLER), ("You and the caller hear each other.",)),
        (
            (ME, on_hold(CALLER)),
            ("You are alone on the line.", "The caller is on hold, with music, and hears nobody."),
        ),
        (
            (ME, on_hold(CALLER), BO),
            ("You and Bo hear each other.", "The caller is on hold, with music, and hears nobody."),
        ),
        ((ME, CALLER, BO), ("You, the caller and Bo hear each other.",)),
        ((muted(ME), CALLER), ("You are muted: you hear the caller, and nobody can hear you.",)),
        (
            (ME, CALLER, muted(BO)),
            ("You and the caller hear each other.", "Bo is muted: hears everybody, and nobody can hear them."),
        ),
        (
            (ME, CALLER, muted(BO, coaches="me")),
            ("You and the caller hear each other.", "Bo hears everybody and can be heard by you only."),
        ),
    ],
)
def test_it_is_said_who_hears_whom(people, said):
    assert sentences(people) == said


def test_a_line_joins_those_who_hear_each_other_and_an_arrow_leads_to_who_only_listens():
    drawn = picture((ME, CALLER, muted(BO)))

    assert sorted(line.both for line in drawn.lines) == [False, False, True]
    arrow = next(line for line in drawn.lines if not line.both)
    bo = next(place for place in drawn.places if place.name == "Bo")
    assert abs(arrow.x2 - bo.x) + abs(arrow.y2 - bo.y) < abs(arrow.x1 - bo.x) + abs(arrow.y1 - bo.y)


def test_who_is_on_hold_stands_alone_and_it_is_written_beside():
    drawn = picture((ME, on_hold(CALLER)))

    assert drawn.lines == ()
    assert [(place.name, place.sign, place.is_me) for place in drawn.places] == [
        ("You", "", True),
        ("The caller", "on hold", False),
    ]


def test_names_are_listed_with_a_capital():
    assert listed(["you"]) == "You"
    assert listed(["the caller", "Bo", "Kim"]) == "The caller, Bo and Kim"
