"""The checks before the tests."""

import sys

from embedded import gate
from embedded.gate import Check


def test_each_outcome_has_its_word_and_only_failures_are_named(capsys):
    python = sys.executable
    todo = [
        Check("fine", [python, "-c", "print('nobody reads this')"]),
        Check("broken", [python, "-c", "print('line 7 is wrong'); raise SystemExit(1)"]),
        Check("absent", [python, "-c", "print('no index answers'); raise SystemExit(77)"]),
    ]

    failed = gate.run_checks(todo, {})

    output = capsys.readouterr().out
    assert failed == ["broken"]
    assert [line.split(" (")[0] for line in output.splitlines() if "(" in line] == [
        "ok      fine",
        "FAILED  broken",
        "skipped absent",
    ]
    assert "line 7 is wrong" in output
    assert "no index answers" in output
    assert "nobody reads this" not in output


def test_every_check_is_a_tool_that_is_there():
    for check in gate.checks():
        tool = check.command[0]
        assert (gate.TOOLS / tool).exists() or (gate.ROOT / tool).exists(), tool


def test_two_runs_at_once_do_not_meet_and_leave_nothing():
    with gate.own_place() as place:
        (place.var / "something").write_text("")

        assert place.var.parent == gate.TESTS

    assert not place.var.exists()
