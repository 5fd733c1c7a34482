"""What the roles may do about texts."""

import pytest

from agents import roles
from agents.models import User
from tests.ivr import rows

pytestmark = pytest.mark.django_db

# v(iew), a(dd), c(hange), d(elete), by role in their order: administrator, flow editor, supervisor, agent, auditor,
# compliance officer
MATRIX = {
    "messaging.thread": ("v", "", "v", "v", "v", "v"),
    "messaging.message": ("v", "", "v", "v", "v", "v"),
    "messaging.media": ("v", "", "v", "v", "v", "v"),
    "messaging.sender": ("vacd", "v", "v", "", "v", "v"),
    "messaging.keyword": ("vacd", "vacd", "v", "", "v", "v"),
    "messaging.fallbackrule": ("vacd", "vacd", "v", "", "v", "v"),
}
SPECIAL = {
    "messaging.send_text": (True, False, True, True, False, False),
    "messaging.see_every_thread": (True, False, False, False, True, True),
    "messaging.look_at_media": (True, False, True, True, False, True),
}
VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


@pytest.mark.parametrize("place", range(len(roles.ROLES)), ids=roles.ROLES)
def test_each_role_may_do_what_the_matrix_says_and_no_more(place):
    user = User.objects.get(pk=rows.person(roles.ROLES[place]).pk)

    def allowed(model: str) -> str:
        app, name = model.split(".")
        return "".join(letter for letter, verb in VERBS.items() if user.has_perm(f"{app}.{verb}_{name}"))

    assert {model: allowed(model) for model in MATRIX} == {model: columns[place] for model, columns in MATRIX.items()}
    assert {name: user.has_perm(name) for name in SPECIAL} == {
        name: columns[place] for name, columns in SPECIAL.items()
    }
