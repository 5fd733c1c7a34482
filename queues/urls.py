"""Where Twilio asks what comes next for people who were called back."""

from django.urls import path

from queues import webhooks

urlpatterns = [path("voice/callbacks/<uuid:callback>", webhooks.called_back, name="voice-called-back")]
