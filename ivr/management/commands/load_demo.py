"""Load the demo company once, tell its log-ins, and write what the simulator needs to know of it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from agents import roles
from ivr.demo import content, load
from telephony import callbacks


class Command(BaseCommand):
    help = "Load the demo company where there is no flow yet. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--show-logins", action="store_true", help="only print the demo's log-ins")
        parser.add_argument("--simulator-config", type=Path, metavar="PATH", help="write the simulator's configuration")
        parser.add_argument(
            "--lock-logins", action="store_true", help="only close the demo's log-ins, where calls are real"
        )
        parser.add_argument("--force", action="store_true", help="load it even where calls are real, without log-ins")

    def handle(self, *_args: Any, **options: Any) -> None:
        is_simulated = bool(settings.TWILIO_API_BASE_URL)
        if options["lock_logins"]:
            if not is_simulated and load.lock_people():
                self.stdout.write("Calls are real here: the demo's log-ins are closed. Make your own: createsuperuser.")
            return
        if not is_simulated and not options["force"]:
            raise CommandError("Calls are real here. With --force the demo is loaded, but without its log-ins.")
        if options["show_logins"] and is_simulated:
            self._show_logins()
            return
        loaded = load.load(at=now(), people=is_simulated)
        if is_simulated:
            load.unlock_people()
        self.stdout.write("The demo company is loaded." if loaded else "There are flows already: nothing is loaded.")
        if options["simulator_config"]:
            options["simulator_config"].parent.mkdir(parents=True, exist_ok=True)
            options["simulator_config"].write_text(json.dumps(simulator_config(), indent=2))

    def _show_logins(self) -> None:
        logins = [(role, load.username(role)) for role in roles.ROLES]
        named = {name for _role, name in logins}
        logins += [(roles.AGENT, name) for name in content.AGENTS if name not in named]
        width = max(map(len, roles.ROLES))
        for role, name in logins:
            self.stdout.write(f"{role:<{width}}  {name:<{width}}  {load.PASSWORD}")


def simulator_config() -> dict[str, Any]:
    """Give the simulator's numbers, which lead to our pages, and the phones of callers and of people who are rung."""
    return {
        "numbers": [
            {
                "number": address,
                "friendly_name": name,
                "voice_url": callbacks.document("voice-inbound"),
                "voice_fallback_url": callbacks.document("voice-fallback"),
                "status_callback": callbacks.news("voice-status"),
                "sms_url": callbacks.document("messaging-inbound"),
                "sms_fallback_url": callbacks.document("messaging-fallback"),
            }
            for name, address, _flow, _sentence in content.LINES
            if address.startswith("+")
        ],
        "phones": [{"address": address, "name": name, "habit": "asks"} for address, name in content.PHONES],
        # Only the desk may use browser phones there. Their key stands in the environment, like all secrets.
        "allowed_origin": settings.PUBLIC_BASE_URL,
    }
