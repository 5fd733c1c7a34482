from django.apps import AppConfig

from recordings import checks
from recordings.speech import checks as speech_checks

__all__ = ["RecordingsConfig", "checks", "speech_checks"]


class RecordingsConfig(AppConfig):
    name = "recordings"

    def ready(self) -> None:
        from recordings import receivers  # noqa: F401, PLC0415  models are not there before this moment
