from django.apps import AppConfig

from recordings import checks

__all__ = ["RecordingsConfig", "checks"]


class RecordingsConfig(AppConfig):
    name = "recordings"
