"""Where Twilio tells us of recordings, and where people hear them."""

from django.urls import path

from recordings import views, webhooks

urlpatterns = [
    path("voice/returns/<uuid:attempt>", webhooks.returned, name="voice-returned"),
    path("webhooks/recording", webhooks.recording, name="recording"),
    path("recordings/<uuid:recording>/audio", views.audio, name="recording-audio"),
]
