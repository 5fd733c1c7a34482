"""bin/test: the checks, then the tests, over servers that live as long as the run."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded import browser, environment
from embedded.place import ROOT, Place, make_folder, need_room, need_writing
from embedded.services import serving, wanted
from embedded.trouble import Trouble

TOOLS = Path(sys.executable).parent
TESTS = ROOT / "var" / "test"
NOT_OURS = {".git", ".venv", "var", "static-collected", "node_modules"}
EVERYTHING = environment.choose({})


# A tool that cannot work here, for a reason that it prints.
SKIPPED = 77


@dataclass(frozen=True, slots=True)
class Check:
    """A tool that finds nothing wrong in the source."""

    name: str
    command: list[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check went."""

    status: int
    seconds: float
    output: str

    @property
    def word(self) -> str:
        """The first word of the line about it."""
        return {0: "ok", SKIPPED: "skipped"}.get(self.status, "FAILED")


def checks() -> list[Check]:
    """Return what is run before the tests; .pre-commit-config.yaml runs the same tools."""
    return [
        Check("format", ["ruff", "format", "--check", "--quiet", "."]),
        Check("lint", ["ruff", "check", "--quiet", "."]),
        Check("types", ["mypy"]),
        Check("who imports whom", ["lint-imports", "--no-logo"]),
        Check("missing migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("Django's newer ways", ["django-upgrade", "--check", "--target-version", "5.2", *_sources("*.py")]),
        Check("templates", ["djade", "--check", "--target-version", "5.2", *_sources("*.html")]),
        Check("spelling", ["typos", "--quiet"]),
        Check("pinned requirements", ["bin/compile-requirements", "--check"]),
        Check("Dockerfile", ["hadolint", "docker/Dockerfile"]),
        Check("compose file", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker/compose.yaml"]),
    ]


def test(arguments: list[str]) -> int:
    """Run all checks and all tests, or with arguments only the tests that pytest finds by them."""
    with own_place() as place:
        choice = environment.choose(os.environ)
        with serving(wanted(choice, place, throwaway=True)) as urls:
            variables = dict(os.environ) | urls
            variables["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings_test"
            variables["PATH"] = f"{TOOLS}{os.pathsep}{variables.get('PATH', '')}"
            browser.provide(variables)
            if arguments:
                return _pytest(arguments, variables)
            failed = run_checks(checks(), variables)
            variables["FAILED_CHECKS"] = ", ".join(failed)
            status = _pytest(["-n", "auto", "--maxprocesses", "8", "-p", "embedded.verdict"], variables)
            return status or bool(failed)


def run_checks(todo: Sequence[Check], variables: Mapping[str, str]) -> list[str]:
    """Run the checks, two at a time, and print how each went; return the names of those that failed."""
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = pool.map(lambda check: _run(check, variables), todo)
        for check, outcome in zip(todo, outcomes, strict=True):
            print(f"{outcome.word:8}{check.name} ({outcome.seconds:.1f} s)", flush=True)
            if outcome.status != 0:
                print(outcome.output.rstrip(), flush=True)
            if outcome.word == "FAILED":
                failed.append(check.name)
    return failed


def _run(check: Check, variables: Mapping[str, str]) -> Outcome:
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=ROOT,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, time.monotonic() - began, done.stdout)


def _pytest(arguments: list[str], variables: Mapping[str, str]) -> int:
    return subprocess.run([TOOLS / "pytest", *arguments], cwd=ROOT, env=variables, check=False).returncode


def _sources(pattern: str) -> list[str]:
    """List our own files by what the top folders are, so that a copy without git is checked in the same way."""
    folders = [path for path in ROOT.iterdir() if path.is_dir() and path.name not in NOT_OURS]
    found = [path for folder in folders for path in folder.rglob(pattern) if "node_modules" not in path.parts]
    return sorted(str(path.relative_to(ROOT)) for path in [*ROOT.glob(pattern), *found])


@contextmanager
def own_place() -> Iterator[Place]:
    """Give this run its own folder, so that two runs at once do not meet; remove what killed runs have left."""
    need_writing(TESTS)
    need_room(TESTS, megabytes=300)
    for old in list(TESTS.iterdir()):
        _remove_leftover(Place(old))
    place = Place(make_folder(TESTS / str(os.getpid())))
    with place.lock("run.lock", taken="Another bin/test has this process id."):
        try:
            yield place
        finally:
            _remove(place)


def _remove_leftover(place: Place) -> None:
    try:
        with place.lock("run.lock", taken="That run is still going on."):
            for server in wanted(EVERYTHING, place).values():
                server.end_leftover()
            _remove(place)
    except Trouble:
        return


def _remove(place: Place) -> None:
    for server in wanted(EVERYTHING, place).values():
        shutil.rmtree(server.data, ignore_errors=True)
    shutil.rmtree(place.var, ignore_errors=True)
