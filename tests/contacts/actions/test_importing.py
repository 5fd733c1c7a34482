"""Taking in a file: see `exchange/test_plan.py` for what it changes; here, that it is all or nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import actions
from contacts.exchange import plan, sheet
from contacts.models import Contact, OptOut
from contacts.states import How
from crm.models import Event
from tests.agents.factories import user
from tests.contacts.factories import AT, contact, external_id, system

pytestmark = pytest.mark.django_db


def test_a_contact_that_has_changed_since_the_preview_stops_the_whole_file():
    row = contact("Caller 1")
    read = sheet.read(f"id,name\n,Caller 2\n{row.pk},Caller 3\n".encode())
    shown = plan.of(read).fingerprint
    Contact.objects.filter(pk=row.pk).update(name="Caller 9")

    with pytest.raises(actions.Different):
        actions.import_contacts(read, fingerprint=shown, by=user(), at=AT)

    assert list(Contact.objects.values_list("name", flat=True)) == ["Caller 9"]


def test_a_file_takes_the_same_few_statements_however_long_it_is():
    crm = system("CRM")
    for number in range(6):
        external_id(contact(f"Caller {number}"), crm, f"known-{number}")

    def statements(rows: int) -> int:
        lines = [
            f"{kind}-{row},Caller {row} of {rows},+14155550{rows}{row:02},yes,gold"
            for row in range(rows)
            for kind in ("known", f"new-{rows}")
        ]
        text = "id:CRM,name,numbers,do_not_call,attribute:plan\n" + "\n".join(lines)
        read = sheet.read(text.encode())
        shown = plan.of(read).fingerprint
        with CaptureQueriesContext(connection) as asked:
            done = actions.import_contacts(read, fingerprint=shown, by=user(), at=AT + timedelta(hours=rows))
        assert len(done.effective) == 2 * rows
        return len(asked)

    assert statements(2) == statements(6) < 60
    assert Event.objects.filter(type="contact.changed").count() == 16
    assert set(OptOut.objects.values_list("how", flat=True)) == {How.FILE}
