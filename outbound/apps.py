from django.apps import AppConfig


class OutboundConfig(AppConfig):
    name = "outbound"
    verbose_name = "Calls out"

    def ready(self) -> None:
        from outbound import receivers  # noqa: F401, PLC0415  models are not there before this moment
