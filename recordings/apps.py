from django.apps import AppConfig

from recordings import checks

__all__ = ["RecordingsConfig", "checks"]


class RecordingsConfig(AppConfig):
    name = "recordings"

    def ready(self) -> None:
        from recordings import receivers  # noqa: F401, PLC0415  models are not there before this moment
