from crm.forms import KeyForm
from rest import scopes


def test_scopes_stand_by_their_resource_and_what_was_chosen_stays_chosen():
    scopes.make_known("calls:read", "calls:write", "calls:hang-up")

    form = KeyForm({"name": "A", "scopes": ["calls:read"]}, may_set_limit=False)

    calls = dict(form.resources())["calls"]
    assert calls[0] == ("calls:read", "read", True)
    assert calls[1] == ("calls:write", "write", False)
    assert ("calls:hang-up", "hang-up", False) in calls[2:]
