"""Where Twilio tells us of recordings, and where people hear them."""

from django.urls import path

from recordings import views, webhooks

urlpatterns = [
    path("webhooks/recording", webhooks.recording, name="recording"),
    path("webhooks/recorders/<uuid:recorder>", webhooks.recorder, name="recorder"),
    path("recordings/<uuid:recording>/audio", views.audio, name="recording-audio"),
]
