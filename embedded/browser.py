"""The browser of the browser tests: a Chromium of this machine or Playwright's own, and what is missing for it."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHTS = {"linux": ".cache/ms-playwright", "darwin": "Library/Caches/ms-playwright"}


def chromium(variables: Mapping[str, str]) -> str | None:
    """Return the path of the machine's browser: the one named by CHROMIUM_PATH, else the first on the PATH."""
    named = variables.get("CHROMIUM_PATH")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (str(MACOS) if MACOS.exists() else None)


def missing(variables: Mapping[str, str]) -> dict[str, str]:
    """Return what the browser tests lack: Debian's package, and a sentence on it."""
    lacking = {}
    if not chromium(variables) and not _playwright_has_its_own(variables):
        lacking["chromium"] = (
            "No Chromium here: install one (apt-get install chromium, brew install --cask chromium, "
            "or .venv/bin/playwright install chromium), or name yours by CHROMIUM_PATH."
        )
    if not _driver_runs():
        lacking["libatomic1"] = (
            "Playwright's driver does not start here: it needs libatomic (apt-get install libatomic1)."
        )
    return lacking


def provide(variables: Mapping[str, str]) -> None:
    """Say what the browser tests lack; on a build machine, which is root and thrown away, install it first."""
    lacking = missing(variables)
    if lacking and variables.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {' and '.join(lacking)} for the browser tests.", flush=True)
        _apt_get(variables, "update")
        _apt_get(variables, "install", "-y", "--no-install-recommends", *lacking)
        lacking = missing(variables)
    for sentence in lacking.values():
        print(f"The browser tests are skipped. {sentence}", flush=True)


def _apt_get(variables: Mapping[str, str], *arguments: str) -> None:
    done = subprocess.run(
        ["apt-get", "-q", *arguments],
        env=dict(variables) | {"DEBIAN_FRONTEND": "noninteractive"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        print(f"apt-get {arguments[0]} failed: {' '.join(done.stdout.splitlines()[-3:])}", flush=True)


def _driver_runs() -> bool:
    # Only found, not imported: bin/run gets along without Playwright.
    spec = importlib.util.find_spec("playwright")
    if spec is None or not spec.submodule_search_locations:
        return False
    node = Path(spec.submodule_search_locations[0]) / "driver" / "node"
    return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0


def _playwright_has_its_own(variables: Mapping[str, str]) -> bool:
    folder = Path(variables.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / PLAYWRIGHTS.get(sys.platform, ""))
    return any(folder.glob("chromium*-*"))
