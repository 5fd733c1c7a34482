import pytest

from agents import roles
from tests.agents import factories as people


@pytest.fixture
def boss():
    return people.user(roles.ADMINISTRATOR)
