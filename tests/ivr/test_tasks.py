from typing import Any

import pytest

from ivr import emergency, tasks
from tests.ivr import rows


@pytest.mark.django_db
def test_a_machine_that_lost_the_emergency_texts_has_them_again(settings: Any, tmp_path: Any) -> None:
    settings.DATA_DIR = tmp_path
    rows.line("Desk", "+15005550100", None)

    tasks.remember_emergencies()

    assert emergency.find("+15005550100").text == "Please call again later."
