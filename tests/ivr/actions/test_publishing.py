"""Versions: what is published, restored, refused, and never changed."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from agents.models import User
from ivr import actions, emergency
from ivr.models import Flow, Line, Version, Wording
from telephony.models import PhoneNumber
from tests.at_once import at_once
from tests.ivr import rows
from tests.ivr.actions.callers import ANN, LINE, menu
from tests.ivr.rows import AT
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def test_publishing_numbers_the_versions_of_a_flow() -> None:
    ann = User.objects.create_user("ann")
    flow = rows.simple_flow()

    first = actions.publish(flow, by=ann, note="The first", at=AT)
    Wording.objects.update(text="Good morning.")
    second = actions.publish(flow, by=None, note="", at=AT)

    flow.refresh_from_db()
    assert [first.number, second.number] == [1, 2]
    assert (first.note, first.published_by, first.published_at, flow.published) == ("The first", ann, AT, second)


def test_errors_stop_publishing_and_are_told_in_words() -> None:
    flow = rows.flow()
    rows.step(flow, "Lost", "message")

    with pytest.raises(actions.HasErrors) as stopped:
        actions.publish(flow, by=None, note="", at=AT)

    assert {problem.severity for problem in stopped.value.problems} >= {"error"}
    assert "first step" in str(stopped.value)
    assert not Version.objects.exists()


def test_warnings_do_not_stop_publishing() -> None:
    flow = rows.simple_flow()
    rows.step(flow, "Never reached")

    version = actions.publish(flow, by=None, note="", at=AT)

    assert [problem.severity for problem in actions.check(version.document, at=AT)] == ["warning"]


def test_an_old_version_is_restored_as_a_new_one_and_the_draft_stays() -> None:
    flow = flows.publish("Main", menu(), at=AT)
    old = Version.objects.get()
    flows.publish("Main", {"Bye": flows.hang_up("Changed.")}, at=AT)

    restored = actions.restore(old, by=None, note="Back again", at=AT)

    assert (restored.number, restored.document, restored.restored_from) == (3, old.document, old)
    assert [step.name for step in flow.steps.all()] == ["Bye"]


def test_an_old_version_that_has_become_wrong_is_not_restored() -> None:
    other = flows.publish("Other", {"Bye": flows.hang_up("Bye.")}, at=AT)
    flows.publish("Main", {"Over": flows.go_to(other)}, at=AT)
    Flow.objects.filter(pk=other.pk).update(published=None)

    with pytest.raises(actions.HasErrors, match="not published"):
        actions.restore(Version.objects.get(flow__name="Main"), by=None, note="", at=AT)


@pytest.mark.parametrize("change", [{"document": {}}, {"number": 9}, {"flow_id": None}])
def test_the_database_keeps_a_version_from_changing(change: dict[str, Any]) -> None:
    flows.publish("Main", menu(), at=AT)

    with pytest.raises((InternalError, IntegrityError)), transaction.atomic():
        Version.objects.update(**change)


def test_a_caller_id_must_be_ours_once_our_numbers_are_known() -> None:
    steps = {
        "Desk": flows.ring(ANN, answered="Bye", nobody="Bye", caller_id="+15005550177"),
        "Bye": flows.hang_up("Bye."),
    }
    flow = flows.publish("Main", steps, at=AT)  # before the first synchronization nobody knows
    PhoneNumber.objects.create(sid="PN1", number=LINE, synchronized_at=AT)

    with pytest.raises(actions.HasErrors, match="not one of ours"):
        actions.publish(flow, by=None, note="", at=AT)


def test_what_cannot_be_read_is_one_problem_in_words() -> None:
    (problem,) = actions.check({"format": 99}, at=AT)

    assert (problem.code, problem.severity) == ("broken", "error")
    assert problem.text == "The flow cannot be read: The format 99 is not known."


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_the_same_at_once_make_one_version() -> None:
    flow = flows.draft("Main", menu())

    def publish() -> str:
        try:
            return str(actions.publish(flow, by=None, note="", at=AT).number)
        except actions.NothingChanges as same:
            return f"it is {same}"

    assert sorted(at_once(publish, publish)) == ["1", "it is Main version 1"]


def test_the_emergencies_of_all_lines_are_written_where_no_database_is_needed(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    Line.objects.all().delete()
    flows.line(LINE, None, forward_to=ANN, emergency_text="Sorry.")

    actions.remember_emergencies()

    assert json.loads((tmp_path / "emergency.json").read_text()) == {
        LINE: {"text": "Sorry.", "language": "en-US", "voice": "", "forward_to": ANN}
    }
    assert emergency.find(LINE) == emergency.Emergency("Sorry.", forward_to=ANN)
