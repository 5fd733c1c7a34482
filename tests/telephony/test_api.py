import pytest

from telephony import callbacks
from telephony.models import PhoneNumber
from tests.calls.factories import AT
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db

ALL = ("numbers:read", "numbers:write")


def number(text: str = "+15005550100", **fields) -> PhoneNumber:
    made = {"sid": f"PN{text[1:]}", "number": text, "synchronized_at": AT, "capabilities": {"voice": True}}
    return PhoneNumber.objects.create(**(made | fields))


def test_a_number_is_told_with_where_it_leads():
    here = number(voice_url=callbacks.document("voice-inbound"))
    number("+15005550101", voice_url="https://elsewhere.example/voice")
    number("+15005550102", trunk_sid="TK1", voice_url=callbacks.document("voice-inbound"))
    number("+15005550103", is_gone=True)
    asker = Asking(*ALL)

    told = asker.get("/numbers").json()["items"]

    assert [one["leads"] for one in told] == ["here", "elsewhere", "elsewhere", "nowhere"]
    assert [one["overridden_by"] for one in told] == ["", "", "TK1", ""]
    assert [one["in_account"] for one in told] == [True, True, True, False]
    assert asker.get(f"/numbers/{here.pk}").json()["capabilities"] == {"voice": True}
    assert len(asker.get("/numbers", {"in_account": "true"}).json()["items"]) == 3


def test_a_number_is_pointed_here_by_a_task(django_capture_on_commit_callbacks):
    one = number()

    answer = Asking(*ALL).post(f"/numbers/{one.pk}/point-here")

    assert (answer.status_code, answer.json()["number"]) == (202, "+15005550100")


def test_a_number_that_is_gone_is_pointed_nowhere():
    assert Asking(*ALL).post(f"/numbers/{number(is_gone=True).pk}/point-here").status_code == 409


def test_the_accounts_numbers_are_read_again_by_a_task():
    assert Asking(*ALL).post("/numbers/synchronize").status_code == 204
