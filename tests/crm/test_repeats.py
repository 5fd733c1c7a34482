import pytest

from calls.models import CallEvent
from crm.models import KeptAnswer
from tests.calls.factories import make_call
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "5f1c"}


@pytest.fixture
def ending() -> Asking:
    return Asking("calls:hang-up")


def test_the_same_write_with_the_same_key_happens_once_and_has_the_same_answer(ending):
    call = make_call()

    first = ending.post(f"/calls/{call.pk}/hang-up", **KEY)
    second = ending.post(f"/calls/{call.pk}/hang-up", **KEY)

    assert (first.status_code, second.status_code) == (202, 202)
    assert second.content == first.content
    assert second["Content-Type"] == first["Content-Type"]
    assert "Idempotent-Replayed" not in first
    assert second["Idempotent-Replayed"] == "true"
    assert CallEvent.objects.count() == 1


def test_a_refusal_is_an_answer_too(ending):
    call = make_call(status="completed")
    first = ending.post(f"/calls/{call.pk}/hang-up", **KEY)

    second = ending.post(f"/calls/{call.pk}/hang-up", **KEY)

    assert first.status_code == second.status_code == 409
    assert second.content == first.content
    assert second["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("other", ["body", "address"])
def test_the_same_key_for_another_request_is_refused(ending, other):
    call, another = make_call(), make_call()
    ending.post(f"/calls/{call.pk}/hang-up", **KEY)

    answer = (
        ending.post(f"/calls/{call.pk}/hang-up", {}, **KEY)
        if other == "body"
        else ending.post(f"/calls/{another.pk}/hang-up", **KEY)
    )

    assert answer.status_code == 422
    assert answer.json()["type"].endswith("/key-used-otherwise")


def test_keys_of_different_people_are_different(ending):
    call = make_call()
    ending.post(f"/calls/{call.pk}/hang-up", **KEY)

    answer = Asking("calls:hang-up").post(f"/calls/{call.pk}/hang-up", **KEY)

    assert "Idempotent-Replayed" not in answer


@pytest.mark.parametrize("key", ["", "with space", "é".encode().decode("latin-1"), "x" * 256])
def test_a_key_that_is_none_is_refused(ending, key):
    answer = ending.post(f"/calls/{make_call().pk}/hang-up", **{"Idempotency-Key": key})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "Idempotency-Key"


def test_who_may_not_write_leaves_no_answer():
    call = make_call()

    assert Asking("calls:read").post(f"/calls/{call.pk}/hang-up", **KEY).status_code == 403
    assert not KeptAnswer.objects.exists()


def test_reading_is_never_kept():
    Asking("calls:read").get("/calls", **KEY)

    assert not KeptAnswer.objects.exists()
