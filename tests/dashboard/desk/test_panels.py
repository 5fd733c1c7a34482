"""After which news a panel is drawn again."""

import pytest
from django.template.loader import get_template
from django.utils import timezone

from dashboard.desk.panels import PANELS, draw, topics
from dashboard.desk.viewer import Viewer
from dashboard.topics import allowed

pytestmark = pytest.mark.django_db


def test_an_agent_may_hear_of_all_that_the_page_asks_for(ann):
    assert allowed(ann.user, topics(Viewer(ann, ann.user, timezone.now())))


def test_every_panel_has_a_template_and_names_its_topics_and_its_address(ann):
    viewer = Viewer(ann, ann.user, timezone.now())
    for name, panel in PANELS.items():
        assert get_template(panel.template)
        text = draw(panel, viewer)
        assert f'hx-get="/desk/panels/{name}"' in text
        assert f'data-topics="{" ".join(panel.topics).format(agent=ann.pk)}"' in text


def test_a_search_is_kept_in_the_address(ann):
    viewer = Viewer(ann, ann.user, timezone.now(), {"why": "consult", "search": "Bo & Co"})

    assert 'hx-get="/desk/panels/targets?why=consult&amp;search=Bo+%26+Co"' in draw(PANELS["targets"], viewer)
