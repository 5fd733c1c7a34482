"""The pages of contacts: who sees and does what, and that actions save."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents import roles
from contacts import actions
from contacts.models import Change, Contact, OptOut
from contacts.states import How
from tests.agents import factories as people
from tests.contacts.factories import AT, CALLER, contact, external_id, system

pytestmark = pytest.mark.django_db
CHANGELIST = "admin:contacts_contact_changelist"


@pytest.fixture
def supervisor(client):
    client.user = people.user(roles.SUPERVISOR)
    client.force_login(client.user)
    return client


def shown(client, name, *args, **query):
    answer = client.get(reverse(f"admin:contacts_contact_{name}", args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_contact_is_made_by_the_form(supervisor):
    crm = system()
    sent = {
        "name": "Caller 1",
        "written_numbers": "(415) 555-0123 (mobile)",
        "is_vip": "on",
        "priority": "20",
        f"id_{crm.pk}": "7",
        "do_not_call": "on",
    }

    answer = supervisor.post(reverse("admin:contacts_contact_add"), sent)

    assert answer.status_code == 302
    made = Contact.objects.get()
    assert (made.name, made.is_vip, made.priority, made.numbers.get().label) == ("Caller 1", True, 20, "mobile")
    assert OptOut.objects.get().by == supervisor.user
    assert Change.objects.get().what == "created"


def test_a_contact_is_changed_by_the_form_in_the_version_that_was_seen(supervisor):
    made = contact("Caller 1")
    address = reverse("admin:contacts_contact_change", args=[made.pk])
    sent = {"name": "Caller 2", "written_numbers": CALLER, "priority": "0", "seen": "1"}

    assert supervisor.post(address, sent).status_code == 302
    late = supervisor.post(address, sent | {"name": "Caller 3"})

    made.refresh_from_db()
    assert (made.name, made.version) == ("Caller 2", 2)
    assert "Somebody else has changed this contact" in late.content.decode()


def test_contacts_are_found_by_any_writing_and_by_flags(supervisor):
    contact("Caller 1", is_vip=True)
    contact("Caller 2", "+4930901820", blocked_at=AT)

    for query, found in [
        ({"q": "(415) 555-0123"}, {"Caller 1"}),
        ({"q": "caller"}, {"Caller 1", "Caller 2"}),
        ({"flag": "vip"}, {"Caller 1"}),
        ({"flag": "blocked"}, {"Caller 2"}),
        ({"flag": "do-not-call"}, set()),
    ]:
        page = shown(supervisor, "changelist", **query)
        assert {name for name in ("Caller 1", "Caller 2") if f">{name}<" in page} == found


def test_the_list_takes_the_same_statements_however_many_contacts(supervisor):
    crm = system()

    def statements():
        with CaptureQueriesContext(connection) as counted:
            shown(supervisor, "changelist")
        return len(counted)

    external_id(contact("Caller 0"), crm, "0")
    one = statements()
    for index in range(1, 8):
        external_id(contact(f"Caller {index}", f"+1415555{1000 + index}", "+4930901820"), crm, str(index))

    assert statements() == one


def test_an_agent_sees_a_contact_and_changes_nothing(client):
    client.force_login(people.user(roles.AGENT))
    made = contact("Caller 1", is_vip=True, attributes={"plan": "gold"})

    page = shown(client, "change", made.pk)

    assert "Caller 1" in page
    assert "+1 415-555-0123" in page
    assert "gold" in page
    assert 'name="written_numbers"' not in page
    for name in ("merge", "split", "delete"):
        assert client.get(reverse(f"admin:contacts_contact_{name}", args=[made.pk])).status_code == 403
    assert client.get(reverse("admin:contacts_contact_changelist") + "export").status_code in (302, 403, 404)


def test_an_auditor_sees_no_whole_number(client):
    client.force_login(people.user(roles.AUDITOR))
    made = contact("Caller 1")

    assert "555-0123" not in shown(client, "changelist") + shown(client, "change", made.pk)


def test_two_contacts_are_merged_after_a_look_at_what_they_would_be(supervisor):
    stays, goes = contact("Caller 1"), contact("Caller 2", "+4930901820")

    assert "Caller 2" in shown(supervisor, "merge", stays.pk, q="caller")
    page = shown(supervisor, "merge", stays.pk, other=goes.pk)
    assert "+49 30 901820" in page
    assert "stays Caller 1" in page

    address = reverse("admin:contacts_contact_merge", args=[stays.pk]) + f"?other={goes.pk}"
    assert supervisor.post(address, {"stays": "1", "goes": "9"}).status_code == 302
    assert Contact.objects.count() == 2
    supervisor.post(address, {"stays": "1", "goes": "1"})

    assert Contact.objects.get().numbers.count() == 2


def test_a_contact_is_split_by_what_was_chosen(supervisor):
    old = contact("Caller 1", CALLER, "+4930901820")
    address = reverse("admin:contacts_contact_split", args=[old.pk])

    assert "+49 30 901820" in shown(supervisor, "split", old.pk)
    assert "Choose something" in supervisor.post(address, {"name": "Caller 2"}).content.decode()
    supervisor.post(address, {"name": "Caller 2", "numbers": ["+4930901820"]})

    assert Contact.objects.get(name="Caller 2").numbers.get().number == "+4930901820"
    history = shown(supervisor, "change", old.pk)
    assert "split" in history
    assert "the new contact" in history


def test_a_deleted_contact_is_deleted_by_the_action(client):
    client.force_login(people.user(roles.ADMINISTRATOR))
    made = contact("Caller 1")

    client.post(reverse("admin:contacts_contact_delete", args=[made.pk]), {"post": "yes"})

    assert not Contact.objects.exists()
    assert Change.objects.get().what == "deleted"


def test_a_file_is_shown_before_it_is_saved(supervisor):
    address = reverse("admin:contacts_contact_import_file")
    file = SimpleUploadedFile("contacts.csv", b"name,numbers\nCaller 1,415 555 0123\n")

    preview = supervisor.post(address, {"file": file})
    assert not Contact.objects.exists()
    context = preview.context
    confirmed = {"content": context["content"], "fingerprint": context["plan"].fingerprint}
    assert supervisor.post(address, confirmed).status_code == 302

    assert Contact.objects.get().numbers.get().number == CALLER


def test_a_wrong_file_is_told_and_nothing_saved(supervisor):
    address = reverse("admin:contacts_contact_import_file")

    for content, words in [(b"shoe\n7\n", "Unknown columns"), (b"name,numbers\nCaller,12\n", "no telephone number")]:
        page = supervisor.post(address, {"file": SimpleUploadedFile("contacts.csv", content)}).content.decode()
        assert words in page
    assert not Contact.objects.exists()


def test_an_export_holds_what_is_known(supervisor):
    contact("Caller 1", attributes={"plan": "gold"})

    answer = supervisor.get(reverse("admin:contacts_contact_export_file"))

    assert answer["Content-Disposition"].startswith('attachment; filename="contacts-20')
    assert "Caller 1,'+14155550123" in answer.content.decode()


def test_opt_outs_stand_on_the_page_of_the_contact(supervisor):
    made = contact("Caller 1")
    actions.set_calls(made.pk, True, by=supervisor.user, how=How.SAID, at=AT)

    page = shown(supervisor, "change", made.pk)

    assert "no calls" in page
    assert reverse("admin:contacts_optout_change", args=[OptOut.objects.get().pk]) in page
