"""A developer generates a client from the schema, and works with it."""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from calls.models import Call, EventKind
from contactcenter import schema
from tests.calls.factories import make_call, make_event
from tests.contactcenter.in_process import application
from tests.crm.asking import make_key

NAME = "generated_client_of_the_contact_center"


@pytest.fixture(scope="module")
def client_package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("client")
    (folder / "openapi.yaml").write_text(schema.text())
    (folder / "settings.yaml").write_text("post_hooks: []\n")
    settings = ["--path", "openapi.yaml", "--config", "settings.yaml", "--output-path", NAME]
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    made = subprocess.run([*command, *settings], cwd=folder, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    sys.path.insert(0, str(folder))
    yield NAME
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.startswith(NAME)]:
        del sys.modules[name]


@pytest.fixture
def generated(client_package: str, db: None) -> Iterator[tuple[Any, Any]]:
    """Give a way to import from the client, and the client itself with a key that may do all with calls."""
    _key, token = make_key("calls:read", "calls:write")
    with application() as wsgi:
        transport = httpx.WSGITransport(app=wsgi)
        package = importlib.import_module(client_package)
        yield (
            lambda name: importlib.import_module(f"{client_package}.{name}"),
            package.AuthenticatedClient("http://testserver", token, httpx_args={"transport": transport}),
        )


def test_a_call_is_found_read_with_its_story_and_ended(generated) -> None:
    of, client = generated
    call = make_call(from_number="+14155550123")
    make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
    make_call(from_number="+14155550999")
    timeline = of("models").CallsRetrieveExpandItem.TIMELINE

    page = of("api.calls.calls_list").sync(client=client, number="(415) 555-0123", limit=1)
    read = of("api.calls.calls_retrieve").sync(call.pk, client=client, expand=[timeline])
    ended = of("api.calls.calls_hang_up").sync_detailed(call.pk, client=client, idempotency_key="from-the-client")
    again = of("api.calls.calls_hang_up").sync_detailed(call.pk, client=client, idempotency_key="from-the-client")

    assert [one.id for one in page.items] == [call.pk]
    assert page.items[0].started_at == call.started_at
    assert read.timeline[0].entries[0].title == "The caller pressed"
    assert (ended.status_code, again.status_code) == (202, 202)
    assert again.content == ended.content
    assert Call.objects.unwanted().get() == call


def test_what_is_wrong_comes_as_a_problem_that_names_the_field(generated) -> None:
    of, client = generated

    problem = of("api.calls.calls_list").sync(client=client, cursor="nonsense")

    assert isinstance(problem, of("models").Problem)
    assert [fault.field for fault in problem.errors] == ["cursor"]


def test_pages_are_walked_by_the_cursor(generated) -> None:
    of, client = generated
    rows = {make_call().pk for _ in range(3)}
    found, cursor = set(), of("types").UNSET

    while cursor is not None:
        page = of("api.calls.calls_list").sync(client=client, limit=2, cursor=cursor)
        found |= {one.id for one in page.items}
        cursor = page.next_

    assert found == rows


def test_the_schema_tells_how_to_begin() -> None:
    assert "Idempotency-Key" in schema.present()["info"]["description"]
    assert Path(schema.RELEASED).exists()
