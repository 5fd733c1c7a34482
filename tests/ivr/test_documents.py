from typing import Any

import pytest

from ivr import documents
from ivr.kinds.settings import Broken
from ivr.models import Flow, Version
from tests.ivr.rows import AT
from tests.scenarios import flows

pytestmark = pytest.mark.django_db


def test_a_version_is_read_once(django_assert_num_queries: Any) -> None:
    flow = flows.publish("Main", {"Bye": flows.hang_up("Goodbye.")}, at=AT)

    with django_assert_num_queries(1):
        first = documents.frozen(flow.published_id)
        again = documents.frozen(flow.published_id)

    assert first is again
    assert first.flow_name == "Main"


def test_a_broken_version_is_told_in_words_and_nothing_is_kept_of_it() -> None:
    version = Version.objects.create(
        flow=Flow.objects.create(name="Main"), number=1, document={"format": 99}, published_at=AT
    )

    for _ in range(2):
        with pytest.raises(Broken, match="The format 99 is not known"):
            documents.frozen(version.pk)


def test_a_version_that_is_gone_does_not_exist() -> None:
    with pytest.raises(Version.DoesNotExist):
        documents.frozen(0)


def test_only_published_flows_have_a_version_to_be_met() -> None:
    met = flows.publish("Main", {"Bye": flows.hang_up("Goodbye.")}, at=AT)
    draft = flows.draft("Draft", {"Bye": flows.hang_up("Goodbye.")})

    assert documents.published([str(met.pk), str(draft.pk), "999999"]) == {str(met.pk): met.published_id}
