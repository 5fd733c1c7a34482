"""The two ways of checking a signature in docs/events.md, tried on what a subscriber really gets."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from agents.models import User
from crm import sending
from crm.actions import events, numbering, subscribing
from crm.catalogue import TYPES
from tests.crm.factories import make_subscription
from tests.crm.receiver import Came, receiving
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
NODE = shutil.which("node")
ASKS = {
    "python": """
import json, sys
told = json.load(sys.stdin)
print(json.dumps([verified(one["headers"], one["body"].encode(), one["secret"]) for one in told]))
""",
    "javascript": """
import { readFileSync } from "node:fs";
const told = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(told.map((one) => verified(one.headers, Buffer.from(one.body), one.secret))));
""",
}
LANGUAGES = [
    pytest.param("python", [sys.executable], ".py", id="python"),
    pytest.param(
        "javascript",
        [NODE or "node"],
        ".mjs",
        id="javascript",
        marks=pytest.mark.skipif(not NODE, reason="Node is not here."),
    ),
]


@pytest.fixture
def sent(settings: Any) -> tuple[Came, str, str]:
    """An event as it came while the secret was being replaced, with the new secret and the old one."""
    settings.OUTGOING_PRIVATE_NETWORKS = ["127.0.0.0/8"]
    with receiving() as receiver:
        owner = User.objects.create_superuser("boss", password="secret")
        subscription = make_subscription(owner, receiver.url)
        old = subscription.secret
        new = subscribing.rotate_secret(subscription, at=timezone.now())
        example = TYPES["contact.changed"].example
        events.note("contact.changed", data=example | {"name": "Zoë Müller"}, at=timezone.now())
        numbering.number(at=timezone.now())
        sending.send_due(seconds=PATIENCE)
        return receiver.came[0], new, old


@pytest.mark.parametrize(("language", "program", "ending"), LANGUAGES)
def test_the_snippet_knows_our_requests_from_others(language, program, ending, sent, tmp_path):
    (snippet,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    file = tmp_path / f"check{ending}"
    file.write_text(snippet + ASKS[language])
    came, new, old = sent
    old_moment = came.headers | {"webhook-timestamp": str(int(came.headers["webhook-timestamp"]) - 3600)}
    told = [
        (came.headers, came.body, new),
        (came.headers, came.body, old),
        (came.headers, came.body, "whsec_" + "QUFB" * 11),
        (came.headers, came.body + b" ", new),
        (came.headers | {"webhook-id": "another"}, came.body, new),
        (old_moment, came.body, new),
    ]
    given = [{"headers": headers, "body": body.decode(), "secret": secret} for headers, body, secret in told]

    done = subprocess.run(
        [*program, file], input=json.dumps(given), capture_output=True, text=True, timeout=PATIENCE, check=False
    )

    assert done.stderr == ""
    assert json.loads(done.stdout) == [True, True, False, False, False, False]
