import pytest
from django.db import IntegrityError

from crm.models import KeptAnswer
from tests.agents.factories import AT


@pytest.mark.django_db
def test_there_is_one_answer_for_a_key_of_a_credential():
    kept = {"credential": "key:1", "idempotency_key": "a", "request": "x", "status": 200, "content_type": "y", "at": AT}
    KeptAnswer.objects.create(**kept)
    KeptAnswer.objects.create(**kept | {"credential": "key:2"})

    with pytest.raises(IntegrityError):
        KeptAnswer.objects.create(**kept)
