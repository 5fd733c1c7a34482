import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance import chain
from compliance.chain import Anchor, Break, Flaw, Link, Verdict

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)


def content(**fields: Any) -> str:
    defaults: dict[str, Any] = {
        "at": AT,
        "user": 7,
        "who": "ann",
        "address": "192.0.2.7",
        "action": "heard",
        "subject": "recording",
        "subject_id": "5d1c",
        "reason": "",
        "detail": {},
    }
    return chain.canonical(**(defaults | fields))


def links(number: int) -> list[Link]:
    made: list[Link] = []
    for n in range(1, number + 1):
        previous = made[-1].hash if made else chain.BEGINNING
        text = content(detail={"n": n})
        made.append(Link(n * 10, text, previous, chain.following(previous, text)))
    return made


def test_the_same_entry_is_written_in_one_way_alone() -> None:
    berlin = timezone(timedelta(hours=1))

    assert content(at=AT.astimezone(berlin), detail={"b": 1, "a": (1, "x")}) == content(detail={"a": [1, "x"], "b": 1})
    assert content(address="2001:db8:0:0::1") == content(address="2001:db8::1")
    assert content().startswith('{"action":"heard","address":"192.0.2.7","at":"2026-03-02T15:00:00.000000+00:00",')


@pytest.mark.parametrize(
    "change",
    [
        {"at": AT + timedelta(microseconds=1)},
        {"user": None},
        {"who": "bob"},
        {"address": None},
        {"action": "played"},
        {"subject": "call"},
        {"subject_id": "5d1d"},
        {"reason": "why"},
        {"detail": {"n": 1}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_each_part_of_an_entry_is_hashed(change: dict[str, Any]) -> None:
    assert content(**change) != content()


@pytest.mark.parametrize("detail", [{"n": 0.5}, {"n": [1, {"m": 1.0}]}, {1: "n"}, {"n": AT}], ids=repr)
def test_what_the_database_gives_back_otherwise_is_no_detail(detail: dict[Any, Any]) -> None:
    with pytest.raises(ValueError, match="does not come back"):
        content(detail=detail)


def test_a_hash_is_that_of_the_hash_before_and_the_content() -> None:
    assert chain.following("ab", "{}") == sha256(b"ab{}").hexdigest()


def test_a_whole_chain_holds_together() -> None:
    chained = links(4)

    assert chain.walk(chained) == Verdict(4, chained[-1].hash)
    assert chain.walk([]) == Verdict(0, chain.BEGINNING)


@pytest.mark.parametrize(
    ("tampered", "broken"),
    [
        (lambda a, b, c, d: [a, replace(b, content=content(who="eve")), c, d], Break(Flaw.CHANGED, 2, 20)),
        (lambda a, b, c, d: [a, replace(b, hash="0" * 64), c, d], Break(Flaw.CHANGED, 2, 20)),
        (lambda a, b, c, d: [a, c, d], Break(Flaw.LOOSE, 2, 30)),
        (lambda a, b, c, d: [b, c, d], Break(Flaw.LOOSE, 1, 20)),
        (lambda a, b, c, d: [a, b, replace(a, id=25), c, d], Break(Flaw.LOOSE, 3, 25)),
        (lambda a, b, c, d: [a, c, b, d], Break(Flaw.LOOSE, 2, 30)),
    ],
    ids=["changed", "hash changed", "missing", "first missing", "put in", "moved"],
)
def test_the_first_break_is_told(tampered: Any, broken: Break) -> None:
    chained = links(4)

    verdict = chain.walk(tampered(*chained))

    assert verdict.broken == broken
    assert verdict.entries == broken.place - 1
    assert verdict.last == (chained[broken.place - 2].hash if broken.place > 1 else chain.BEGINNING)


def test_no_other_order_of_entries_holds_together() -> None:
    chained = links(4)

    assert [order for order in permutations(chained) if not chain.walk(order).broken] == [tuple(chained)]


def test_an_end_that_was_cut_off_shows_against_what_was_known() -> None:
    chained = links(4)
    anchor = Anchor(4, chained[-1].hash)

    assert chain.walk(chained[:3]).broken is None
    assert chain.walk(chained[:3], anchor=anchor).broken == Break(Flaw.CUT, 4)
    assert chain.walk([], anchor=anchor).broken == Break(Flaw.CUT, 1)
    assert chain.walk(links(6), anchor=anchor).broken is None


def test_a_log_that_was_written_anew_shows_against_what_was_known() -> None:
    anchor = Anchor(3, links(3)[-1].hash)
    anew: list[Link] = []
    for n in range(4):
        previous = anew[-1].hash if anew else chain.BEGINNING
        text = content(who="nobody")
        anew.append(Link(n, text, previous, chain.following(previous, text)))

    assert chain.walk(anew).broken is None
    assert chain.walk(anew, anchor=anchor).broken == Break(Flaw.OTHER, 3, 2)


def test_an_export_can_be_verified_by_its_own_rule_alone() -> None:
    chained = links(3)

    rule, *entries, end = [json.loads(line) for line in chain.written(chained, at=AT)]

    last = "0" * 64
    for entry in entries:
        assert entry["previous"] == last
        assert entry["hash"] == sha256((entry["previous"] + entry["entry"]).encode()).hexdigest()
        last = entry["hash"]
    assert end == {"entries": 3, "last": last}
    assert "SHA-256" in rule["rule"]
    assert json.loads(entries[0]["entry"])["who"] == "ann"


def test_an_export_gives_its_anchor_back() -> None:
    chained = links(3)

    assert chain.anchor_of(chain.written(chained, at=AT)) == Anchor(3, chained[-1].hash)
    assert chain.anchor_of(chain.written([], at=AT)) == Anchor(0, chain.BEGINNING)


@pytest.mark.parametrize(
    ("spoiled", "why"),
    [
        (lambda lines: lines[:-1], "not whole"),
        (lambda lines: [*lines[:-2], lines[-1]], "not whole"),
        (lambda lines: lines[1:], "line 1"),
        (lambda lines: [*lines, lines[0]], "line 6"),
        (lambda lines: ["rubbish"], "line 1"),
        (lambda lines: [lines[0].replace('"format": 1', '"format": 2'), *lines[1:]], "line 1"),
        (lambda lines: [lines[0], lines[2], lines[3], lines[4]], "broken at its entry 1"),
        (lambda lines: [lines[0], lines[1].replace("ann", "eve"), *lines[2:]], "broken at its entry 1"),
        (lambda lines: [], "not whole"),
    ],
)
def test_a_spoiled_export_is_no_anchor(spoiled: Any, why: str) -> None:
    lines = list(chain.written(links(3), at=AT))

    with pytest.raises(chain.Unreadable, match=why):
        chain.anchor_of(spoiled(lines))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(detail=st.dictionaries(st.text(), json_values, max_size=3))
def test_a_detail_has_the_same_text_after_a_way_through_json(detail: dict[str, Any]) -> None:
    assert content(detail=json.loads(json.dumps(detail))) == content(detail=detail)
