from django.apps import AppConfig


class IvrConfig(AppConfig):
    name = "ivr"
    verbose_name = "What callers meet"

    def ready(self) -> None:
        from ivr import receivers  # noqa: F401, PLC0415  models are not there before this moment
