"""A program that lost the answer to its write sends it again, several times at once, or after we died in the middle."""

import json
from collections import Counter
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import RequestFactory
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from calls.models import CallEvent, EventKind
from crm.models import KeptAnswer
from rest.serializers import Shape
from rest.views import Resource
from tests.at_once import at_once
from tests.calls.factories import AT, make_call
from tests.crm.asking import Asking

pytestmark = pytest.mark.django_db(transaction=True)

THREADS, ROUNDS = 4, 6


class Press(Shape):
    call = serializers.UUIDField()


class Presses(Resource):
    """Does something that each time leaves one more row, as placing a call does."""

    scope = "test-presses"
    permissions = {"create": "calls.view_call"}
    queryset = CallEvent.objects.all()
    serializer_class = Press
    bodies = {"create": Press}

    def create(self, _request: Request) -> Response:
        body = self.body()
        CallEvent.objects.create(call_id=body["call"], at=AT, kind=EventKind.PRESSED, data={"digits": "1"})
        return Response({"pressed": str(uuid4())}, status=201)


def press(who: Asking, call: UUID, idempotency_key: str) -> Any:
    headers = {"Authorization": f"Bearer {who.token}", "Idempotency-Key": idempotency_key}
    body = json.dumps({"call": str(call)})
    request = RequestFactory(headers=headers).generic("POST", "/test-presses", body, "application/json")
    answer = Presses.as_view({"post": "create"}, basename="test-presses", detail=False)(request)
    return answer.render() if hasattr(answer, "render") else answer


@pytest.fixture
def program() -> Asking:
    return Asking("test-presses:write", requests_per_minute=100_000)


def test_writes_that_are_repeated_at_once_happen_once_with_one_answer(program):
    call = make_call()

    def insist(idempotency_key: str) -> tuple[list[int], bytes]:
        """Send the write until it is answered; return the statuses on the way and the answer."""
        statuses: list[int] = []
        while True:
            answer = press(program, call.pk, idempotency_key)
            statuses.append(answer.status_code)
            if answer.status_code != 409:
                return statuses, answer.content
            assert answer["Retry-After"] == "1"

    rounds = [at_once(*[partial(insist, f"write-{number}")] * THREADS) for number in range(ROUNDS)]

    assert CallEvent.objects.filter(call=call).count() == ROUNDS
    assert all(len({content for _statuses, content in answers}) == 1 for answers in rounds)
    assert {statuses[-1] for answers in rounds for statuses, _content in answers} == {201}


def test_different_writes_at_once_all_happen(program):
    call = make_call()

    def once(number: int) -> int:
        return int(press(program, call.pk, f"write-{number}").status_code)

    assert Counter(at_once(*(partial(once, number) for number in range(12)))) == {201: 12}

    assert CallEvent.objects.filter(call=call).count() == 12


class Killed(BaseException):
    """The process is gone."""


@pytest.mark.parametrize("line", ["before the answer is kept", "after the answer is kept"])
def test_a_process_that_dies_in_the_middle_has_done_nothing_and_the_repeat_does_it(program, monkeypatch, line):
    call = make_call()
    save = KeptAnswer.save

    def dies(answer: KeptAnswer, **options: Any) -> None:
        if line.startswith("after"):
            save(answer, **options)
        raise Killed

    with monkeypatch.context() as death:
        death.setattr(KeptAnswer, "save", dies)
        with pytest.raises(Killed):
            press(program, call.pk, "write")
    assert not CallEvent.objects.exists()
    assert not KeptAnswer.objects.exists()

    answer = press(program, call.pk, "write")

    assert answer.status_code == 201
    assert CallEvent.objects.count() == 1
    assert press(program, call.pk, "write").content == answer.content
