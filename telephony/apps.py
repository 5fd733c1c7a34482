from django.apps import AppConfig

from telephony import checks

__all__ = ["TelephonyConfig", "checks"]


class TelephonyConfig(AppConfig):
    name = "telephony"
    verbose_name = "Twilio"
