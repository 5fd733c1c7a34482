import pytest
from django.db import IntegrityError

from compliance import problems
from contacts.models import Contact
from rest.problems import conflict
from tests.compliance.keepers import CALLER, make_hold
from tests.contacts.factories import contact
from tests.crm.asking import Asking


@pytest.mark.django_db
def test_a_contact_of_a_held_number_is_not_deleted_by_the_api_and_a_sentence_says_why():
    made = contact("Caller 1", CALLER)
    make_hold(name="Court 7")
    asker = Asking("contacts:write", "contacts:read")

    answer = asker.delete(f"/contacts/{made.pk}")

    assert answer.status_code == 409
    assert "the legal hold “Court 7”" in answer.json()["detail"]
    assert asker.get(f"/contacts/{made.pk}").json()["numbers"]
    assert Contact.objects.get() == made


def test_every_other_error_is_answered_as_by_all_pages():
    assert problems.answered(IntegrityError("another"), {}) is None
    answer = problems.answered(conflict("Not now."), {})
    assert answer is not None
    assert answer.data["detail"] == "Not now."
