"""Prepares the application's data, in one process of its own: Django takes longer to start than to do this.

    python -m embedded.prepare [FILE]    with a file for the simulator's configuration the demo is loaded too

What a person should see, the demo's log-ins, goes to standard output; everything else to standard error.
"""

import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command


def main(simulator_config: Path | None) -> None:
    """Bring the tables up to date, collect static files where they are not served from source, load the demo."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "contactcenter.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0, stdout=sys.stderr)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0, stdout=sys.stderr)
    if simulator_config is None:
        call_command("load_demo", lock_logins=True)
    else:
        call_command("load_demo", simulator_config=simulator_config, stdout=sys.stderr)
        call_command("load_demo", show_logins=True)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
    except CommandError as error:
        sys.exit(str(error))
