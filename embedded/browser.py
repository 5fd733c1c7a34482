"""Finds a Chromium for the browser tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
HOW = "No Chromium here, so the browser tests are skipped; get one with: apt install chromium, or brew install chromium"


def find_chromium(variables: Mapping[str, str]) -> str | None:
    """Return a browser's path: the one named by CHROMIUM_PATH, else the first on the PATH.

    On a build machine, which is root and thrown away, it is installed when it is missing.
    """
    found = _find(variables)
    if found is None and variables.get("CI") == "true" and os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests.", flush=True)
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            done = subprocess.run(
                ["apt-get", "-q", *command],
                env=dict(variables) | {"DEBIAN_FRONTEND": "noninteractive"},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                print(f"apt-get {command[0]} failed: {' '.join(done.stderr.split()[-30:])}", flush=True)
                break
        found = _find(variables)
    if found is None:
        print(HOW, file=sys.stderr, flush=True)
    return found


def _find(variables: Mapping[str, str]) -> str | None:
    named = variables.get("CHROMIUM_PATH")
    if named:
        return named
    on_path = next((path for name in NAMES if (path := shutil.which(name))), None)
    return on_path or (str(MACOS) if MACOS.exists() else None)
