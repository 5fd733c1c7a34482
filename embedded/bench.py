"""bin/bench: the measurements, over servers set up as production's are: every commit reaches the disk."""

import os
import subprocess
import sys

from embedded import environment, gate
from embedded.place import ROOT
from embedded.services import serving, wanted


def measure(arguments: list[str]) -> int:
    """Run `benchmarks` over a database of its own, which is gone afterwards, or over DATABASE_URL."""
    with gate.own_place() as place, serving(wanted(environment.choose(os.environ), place)) as urls:
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks", *arguments]
        return subprocess.run(command, cwd=ROOT, env=dict(os.environ) | urls, check=False).returncode
