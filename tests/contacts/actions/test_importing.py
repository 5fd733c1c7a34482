"""Taking in a file: see `exchange/test_plan.py` for what it changes; here, that it is all or nothing."""

import pytest

from contacts import actions
from contacts.exchange import plan, sheet
from contacts.models import Contact
from tests.agents.factories import user
from tests.contacts.factories import AT, contact

pytestmark = pytest.mark.django_db


def test_a_contact_that_has_changed_since_the_preview_stops_the_whole_file():
    row = contact("Caller 1")
    read = sheet.read(f"id,name\n,Caller 2\n{row.pk},Caller 3\n".encode())
    shown = plan.of(read).fingerprint
    Contact.objects.filter(pk=row.pk).update(name="Caller 9")

    with pytest.raises(actions.Different):
        actions.import_contacts(read, fingerprint=shown, by=user(), at=AT)

    assert list(Contact.objects.values_list("name", flat=True)) == ["Caller 9"]
