from django.apps import AppConfig


class ConferencesConfig(AppConfig):
    name = "conferences"
    verbose_name = "Conferences"

    def ready(self) -> None:
        from conferences import receivers  # noqa: F401, PLC0415  models are not there before this moment
