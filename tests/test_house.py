"""Rules of the house that no linter knows, read from the source."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import get_resolver

from tests.telephony.discovery import patterns, webhook_names

ROOT = Path(__file__).parent.parent
APPS = (
    "agents",
    "calls",
    "compliance",
    "conferences",
    "contacts",
    "crm",
    "dashboard",
    "dialing",
    "ivr",
    "live",
    "messaging",
    "outbound",
    "queues",
    "recordings",
    "rest",
    "retention",
    "sheets",
    "telephony",
)
PACKAGES = (*APPS, "contactcenter", "embedded", "simulator")
TWILIO_ASKS = ("voice/", "webhooks/", "messaging/")

WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "update", "delete"}
SQL_WORDS = "INSERT INTO|UPDATE|DELETE FROM|TRUNCATE"
SQL_WRITE = re.compile(rf"\s*({SQL_WORDS})\s")
# Where writes are at home, and why each is no `actions.py`.
MAY_WRITE = {
    "telephony/pace.py": "a counter shared by all processes, in one statement, that no person ever sees",
    "ivr/demo/": "the content that is loaded once for somebody who tries the project",
    "ivr/forms/": "a form of the admin saves the draft it edits: Django's own way, and nothing else hangs on it",
}

# Modules without a test file of their own name, and where they are tested.
NOT_MIRRORED = {
    "apps.py": "wiring",
    "urls.py": "wiring: every test that asks for a page",
    "signals.py": "names only",
    "receivers.py": "one call each: the tests of the action that they call",
}
FORBIDDEN_NAMES = {
    "services",
    "selectors",
    "managers",
    "utils",
    "util",
    "helpers",
    "handlers",
    "common",
    "core",
    "extras",
    "misc",
}


def sources(*packages: str) -> Iterator[tuple[str, str]]:
    """Give path and text of each module of ours, migrations left out."""
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text()


def trees(*packages: str, names: str = "", words: str = "") -> Iterator[tuple[str, ast.Module]]:
    """Parse the modules whose name and whose text have these patterns in them: parsing all of them takes seconds."""
    for name, text in sources(*packages):
        if re.search(names, name) and re.search(words, text):
            yield name, ast.parse(text)


def chain(node: ast.AST) -> list[str]:
    """Give the names in `a.b(...).c`, from left to right."""
    match node:
        case ast.Attribute(value=value, attr=attr):
            return [*chain(value), attr]
        case ast.Call(func=func):
            return chain(func)
        case ast.Subscript(value=value):
            return chain(value)
        case ast.Name(id=name):
            return [name]
    return []


def is_write(call: ast.Call) -> bool:
    *before, method = chain(call.func) or [""]
    if method in WRITES:
        return "objects" in before
    if method == "save":  # a model's: storages save a name and a content, forms name `commit`
        names = {keyword.arg for keyword in call.keywords}
        return not call.args and "commit" not in names and "super" not in before
    return False


def may_write(name: str) -> bool:
    return "/actions" in name or "/management/" in name or any(name.startswith(home) for home in MAY_WRITE)


def test_rows_are_written_by_actions_alone():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*APPS, "contactcenter", words=r"\.objects\b|\.save\(")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and is_write(node) and not may_write(name)
    ]

    assert found == []


def test_sql_that_writes_is_in_actions_alone():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*APPS, "contactcenter", words=SQL_WORDS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL_WRITE.match(node.value)
        if not may_write(name)
    ]

    assert found == []


def test_the_search_for_writes_finds_them():
    text = (
        "A.objects.filter().update(y=2); a.save(update_fields=['x']); A.objects.create(); d.update(x); s.save('n', c)"
    )
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]

    assert sum(is_write(call) for call in calls) == 3


def test_a_row_is_saved_with_the_names_of_what_changed():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*APPS, names="/actions", words=r"\.save\(")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and chain(node.func)[-1:] == ["save"] and is_write(node)
        if not {"update_fields", "force_insert"} & {keyword.arg for keyword in node.keywords}
    ]

    assert found == []


def webhook_modules() -> list[tuple[str, ast.Module]]:
    return [(name, tree) for name, tree in trees(*APPS, names=r"/webhooks\.py$") if name != "telephony/webhooks.py"]


def test_every_page_for_twilio_is_decorated_and_names_twilios_documentation():
    found = []
    for name, tree in webhook_modules():
        functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
        decorated = [
            function
            for function in functions
            if any(chain(mark)[-1:] == ["webhook"] for mark in function.decorator_list)
        ]
        offline = {chain(word.value)[-1] for function in decorated for mark in function.decorator_list
                   if isinstance(mark, ast.Call) for word in mark.keywords if word.arg == "offline"}  # fmt: skip
        found += [
            f"{name}:{function.name} is not decorated"
            for function in functions
            if function not in decorated and function.name not in offline and not function.name.startswith("_")
        ]
        found += [
            f"{name}:{function.name} names no page of Twilio's documentation"
            for function in decorated
            if not (ast.get_docstring(function) or "").splitlines()[-1:][0].startswith("https://www.twilio.com/docs/")
        ]

    assert webhook_modules()
    assert found == []


def test_every_address_that_twilio_may_ask_for_is_one_of_these_pages():
    open_ones = [
        str(pattern.pattern)
        for pattern in patterns(get_resolver())
        if str(pattern.pattern).startswith(TWILIO_ASKS) and not hasattr(pattern.callback, "webhook")
    ]

    assert webhook_names()
    assert open_ones == []


def has_content(text: str) -> bool:
    body = ast.parse(text).body
    return any(not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)) for node in body)


def is_mirrored(name: str) -> bool:
    """Tell whether a test file bears the module's name, or that of its package."""
    path = Path(name)
    folder, stem = ROOT / "tests" / path.parent, path.stem
    package = folder.parent / f"test_{path.parent.name}"
    return (
        any((folder / f"test_{stem}{more}.py").exists() for more in ("", "s"))
        or any(folder.glob(f"test_{stem}_*.py"))
        or package.with_suffix(".py").exists()
        or any(package.parent.glob(f"{package.name}_*.py"))
    )


@pytest.mark.parametrize("app", APPS)
def test_every_module_has_its_tests(app):
    missing = [
        name
        for name, text in sources(app)
        if not name.endswith("__init__.py") and has_content(text)
        if not is_mirrored(name)
        if not any(name.endswith("/" + known) or name == known for known in NOT_MIRRORED)
    ]

    assert missing == []


def test_modules_are_named_after_what_they_hold():
    found = [
        name for name, _ in sources(*APPS) if FORBIDDEN_NAMES & {part.removesuffix(".py") for part in name.split("/")}
    ]

    assert found == []


def test_no_module_is_too_long_to_have_one_subject():
    about_400 = 420
    found = {name: lines for name, text in sources(*PACKAGES) if (lines := text.count("\n")) > about_400}

    assert found == {}


def test_only_what_runs_in_tasks_speaks_to_twilio():
    """A page or an action that did would keep a caller, or a lock, waiting for Twilio."""
    allowed = (
        "/tasks.py",
        "/fetching.py",
        "/purging.py",
        "/erasing.py",
        "/comparing.py",
        "recordings/steering.py",
    )  # the latter are bodies of tasks
    modules = ("client", "conferencing", "recorders", "archive", "texts", "lookups", "prices")
    speakers = {f"telephony.{name}" for name in modules}
    found = []
    for name, tree in trees(*(app for app in APPS if app != "telephony"), "contactcenter", words="telephony"):
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and not name.endswith(allowed):
                imported = {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
                found += [f"{name}:{node.lineno}"] if imported & speakers else []

    assert found == []


def test_nothing_outside_tasks_waits():
    allowed = {"telephony/client.py", "telephony/pace.py"}  # run in tasks
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees(*APPS, words="sleep")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and chain(node.func) == ["time", "sleep"]
        if name not in allowed and not name.endswith("/tasks.py") and "/management/" not in name
    ]

    assert found == []


def test_actions_are_told_the_time():
    """`at` is required: a default of now would make the past untestable."""
    found = [
        f"{name}:{function.name}"
        for name, tree in trees(*APPS, names="/actions")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for argument, default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True)
        if argument.arg == "at" and default is not None
    ]

    assert found == []


def test_the_image_has_every_package_that_runs_in_production():
    copied = set(re.findall(r"^COPY (\w+) \1$", (ROOT / "docker" / "Dockerfile").read_text(), re.MULTILINE))

    needed = {*APPS, "contactcenter", "templates", "static"}
    assert copied == needed
    assert needed < {line.strip("!") for line in (ROOT / ".dockerignore").read_text().splitlines()}
