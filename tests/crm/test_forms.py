from crm.forms import KeyForm


def test_scopes_stand_by_their_resource_and_what_was_chosen_stays_chosen():
    form = KeyForm({"name": "A", "scopes": ["calls:read"]}, may_set_limit=False)

    calls = dict(form.resources())["calls"]

    assert ("calls:read", "read", True) in calls
    assert ("calls:write", "write", False) in calls
