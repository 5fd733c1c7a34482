import json

import pytest

from ivr.admin import previews
from ivr.drafting.drafts import compile_draft
from tests.ivr import rows

pytestmark = pytest.mark.django_db


def test_what_a_picture_marks_goes_by_the_keys_of_the_draft():
    flow = rows.publish(rows.simple_flow())
    extra = rows.step(flow, "New end")
    flow.first.exits.update(target=extra)

    told = previews.told(flow.published.document, compile_draft(flow))

    marked = json.loads(told.picture)
    assert marked["marks"] == {str(flow.first_id): "changed", str(extra.pk): "added"}
    assert marked["exits"] == [[str(flow.first_id), "next"]]


def test_a_document_that_cannot_be_read_has_no_difference():
    assert previews.told(None, {"format": 0}) == previews.Told((), "")
