"""bin/test: the checks, then the tests, over servers that live as long as the run."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from embedded import environment
from embedded.browser import find_chromium
from embedded.place import ROOT, Place, make_folder, need_room, need_writing
from embedded.services import serving, wanted
from embedded.trouble import Trouble

TOOLS = Path(sys.executable).parent
TESTS = ROOT / "var" / "test"
EVERYTHING = environment.choose({})


@dataclass(frozen=True, slots=True)
class Check:
    """A tool that says nothing wrong about the source."""

    name: str
    command: list[str]


def checks() -> list[Check]:
    """Return what is run before the tests; .pre-commit-config.yaml runs the same tools."""
    python = _tracked("*.py")
    templates = _tracked("*.html")
    docker = _tracked("docker/Dockerfile*")
    compose = _tracked("docker/compose*.yaml")
    found = [
        Check("format", ["ruff", "format", "--check", "--quiet", "."]),
        Check("lint", ["ruff", "check", "--quiet", "."]),
        Check("Django's newer ways", ["django-upgrade", "--target-version", "5.2", *python]),
        Check("templates", ["djade", "--check", *templates]),
        Check("spelling", ["typos", "--quiet"]),
        Check("types", ["mypy"]),
        Check("who imports whom", ["lint-imports"]),
        Check("missing migrations", ["python", "manage.py", "makemigrations", "--check", "--dry-run"]),
        Check("Dockerfile", ["hadolint", *docker]),
        Check("compose file", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", *compose]),
    ]
    return [check for check in found if check.command[-1] not in {"--check", "hadolint", "vendor.compose-spec"}]


def test(arguments: list[str]) -> int:
    """Run all checks and all tests, or with arguments only the tests that pytest finds by them."""
    need_writing(TESTS)
    need_room(TESTS, megabytes=300)
    with _own_place() as place:
        choice = environment.choose(os.environ)
        with serving(wanted(choice, place, throwaway=True)) as urls:
            variables = dict(os.environ) | urls
            variables["DJANGO_SETTINGS_MODULE"] = "contactcenter.settings_test"
            variables["PATH"] = f"{TOOLS}{os.pathsep}{variables.get('PATH', '')}"
            chromium = find_chromium(variables)
            if chromium:
                variables["CHROMIUM_PATH"] = chromium
            if arguments:
                return _pytest(arguments, variables)
            failed = run_checks(variables)
            variables["FAILED_CHECKS"] = ", ".join(failed)
            status = _pytest(["-n", "auto", "--maxprocesses", "8", "-p", "embedded.verdict"], variables)
            return status or bool(failed)


def run_checks(variables: Mapping[str, str]) -> list[str]:
    """Run the checks, two at a time, and print how each went; return the names of those that failed."""
    failed = []
    todo = checks()
    with ThreadPoolExecutor(max_workers=2) as pool:
        for check, (ok, seconds, output) in zip(
            todo, pool.map(lambda check: _run(check, variables), todo), strict=True
        ):
            print(f"{'ok    ' if ok else 'FAILED'} {check.name} ({seconds:.1f} s)", flush=True)
            if not ok:
                failed.append(check.name)
                print(output, flush=True)
    return failed


def _run(check: Check, variables: Mapping[str, str]) -> tuple[bool, float, str]:
    began = time.monotonic()
    done = subprocess.run(
        check.command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return done.returncode == 0, time.monotonic() - began, done.stdout + done.stderr


def _pytest(arguments: list[str], variables: Mapping[str, str]) -> int:
    return subprocess.run([TOOLS / "pytest", *arguments], cwd=ROOT, env=variables, check=False).returncode


def _tracked(pattern: str) -> list[str]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        return [str(path.relative_to(ROOT)) for path in ROOT.rglob(pattern) if not path.is_relative_to(ROOT / ".venv")]
    listed = subprocess.run(["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).exists()]


@contextmanager
def _own_place() -> Iterator[Place]:
    """Give this run its own folder, so that two runs at once do not meet; remove what killed runs have left."""
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
