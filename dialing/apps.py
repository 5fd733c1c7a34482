from django.apps import AppConfig


class DialingConfig(AppConfig):
    name = "dialing"
    verbose_name = "Dialing"
