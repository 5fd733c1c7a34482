"""Where Twilio tells us of calls."""

from django.urls import path

from calls import webhooks

urlpatterns = [
    path("webhooks/voice/status", webhooks.status, name="voice-status"),
    path("webhooks/machine", webhooks.machine, name="machine"),
]
