"""The words for how an agent stands."""

from agents.models import PresenceChange
from agents.states import Activity, Standing


def test_whatever_keeps_an_agent_busy_is_a_standing_of_the_same_name():
    assert {activity.value for activity in Activity if activity is not Activity.IDLE} <= set(Standing)


def test_each_standing_can_be_recorded():
    field = PresenceChange._meta.get_field("standing")

    assert [value for value, _ in field.choices] == list(Standing)
    assert max(map(len, Standing)) <= field.max_length
