from crm.admin.forms import SubscriptionForm
from crm.catalogue import TYPES


def test_all_types_can_be_chosen_by_what_they_are_about():
    groups = dict(SubscriptionForm(initial={"types": ["call.ended"]}).groups())

    assert [name for name, _told, chosen in groups["call"] if chosen] == ["call.ended"]
    assert sum(len(types) for types in groups.values()) == len(TYPES)
