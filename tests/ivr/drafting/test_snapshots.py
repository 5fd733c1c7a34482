"""Drafts as plain data."""

import pytest

from ivr.drafting import snapshots
from ivr.models import Exit
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def test_what_stays_as_it_was_is_no_difference():
    flow = rows.simple_flow()

    before = snapshots.read(flow.pk)

    assert snapshots.difference(before, snapshots.read(flow.pk)) == {}


def test_a_changed_step_is_told_with_what_it_was_and_is():
    flow = rows.simple_flow()
    before = snapshots.read(flow.pk)

    flow.first.exits.all().delete()

    after = snapshots.read(flow.pk)
    changes = snapshots.difference(before, after)
    (old, new) = changes["steps"][str(flow.first_id)]
    assert list(changes) == ["steps"]
    assert [row["name"] for row in old["exits"]] == ["next"]
    assert new["exits"] == []
    assert snapshots.is_still(after, changes, side=1)
    assert not snapshots.is_still(before, changes, side=1)


def test_the_revision_of_a_step_changes_with_all_that_belongs_to_it():
    flow = rows.simple_flow()
    before = snapshots.of_step(snapshots.read(flow.pk), flow.first_id)

    again = snapshots.of_step(snapshots.read(flow.pk), flow.first_id)
    Exit.objects.create(step=flow.first, name="Other", is_option=True)

    assert again == before
    assert snapshots.of_step(snapshots.read(flow.pk), flow.first_id) != before


def test_the_flow_has_a_revision_of_its_own():
    flow = rows.simple_flow()
    before = snapshots.of_step(snapshots.read(flow.pk), 0)

    flow.languages.update(voice="Polly.Matthew-Neural")

    assert snapshots.of_step(snapshots.read(flow.pk), 0) != before


def test_a_draft_is_read_in_a_query_for_each_of_its_tables(django_assert_num_queries):
    flow = rows.simple_flow()
    for number in range(20):
        rows.step(flow, f"Step {number}")

    with django_assert_num_queries(6):
        snapshots.read(flow.pk)
