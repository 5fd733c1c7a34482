from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Texts"

    def ready(self) -> None:
        from messaging import receivers  # noqa: F401, PLC0415  models are not there before this moment
