from datetime import timedelta

import pytest

from crm.actions import answers
from crm.models import KeptAnswer
from tests.agents.factories import AT

pytestmark = pytest.mark.django_db


def answered(status: int = 201) -> KeptAnswer:
    return KeptAnswer(status=status, content_type="application/json", body="{}")


def once(work, request: str = "same", idempotency_key: str = "a", credential: str = "key:1"):
    return answers.once(credential=credential, idempotency_key=idempotency_key, request=request, work=work, at=AT)


def test_a_write_is_done_once_and_its_answer_given_again():
    done = []

    def work() -> KeptAnswer:
        done.append(1)
        return answered()

    first, was_repeat = once(work)
    second, is_repeat = once(work)

    assert len(done) == 1
    assert (was_repeat, is_repeat) == (False, True)
    assert second.pk == first.pk


def test_a_key_that_answered_another_request_answers_no_more():
    once(answered)

    with pytest.raises(answers.UsedOtherwise):
        once(answered, request="other")


def test_other_keys_and_other_people_are_other_writes():
    once(answered)

    assert not once(answered, idempotency_key="b")[1]
    assert not once(answered, credential="key:2")[1]


def test_a_write_that_failed_leaves_nothing_behind_and_can_be_repeated():
    def fails() -> KeptAnswer:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(fails)

    assert not KeptAnswer.objects.exists()
    assert not once(answered)[1]


@pytest.mark.parametrize(("status", "is_repeat"), [(400, False), (429, False), (409, True), (422, True), (404, True)])
def test_what_the_asker_mends_is_not_kept(status, is_repeat):
    once(lambda: answered(status))

    assert once(lambda: answered(status))[1] is is_repeat


def test_answers_are_kept_for_two_days():
    once(answered)

    assert answers.purge(at=AT + timedelta(hours=47)) == 0
    assert answers.purge(at=AT + timedelta(hours=48)) == 1
