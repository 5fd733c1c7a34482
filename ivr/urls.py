"""What Twilio asks for while a caller is on the line."""

from django.urls import path

from ivr import views, webhooks

urlpatterns = [
    path("voice/inbound", webhooks.inbound, name="voice-inbound"),
    path("voice/fallback", webhooks.fallback, name="voice-fallback"),
    path("voice/visits/<uuid:visit>/<int:turn>", webhooks.visit, name="voice-visit"),
    path("voice/visits/<uuid:visit>/<int:turn>/screen", webhooks.screen, name="voice-screen"),
    path("voice/visits/<uuid:visit>/<int:turn>/wait/<int:loop>", webhooks.wait, name="voice-wait"),
    path("prompts/<slug:sha256>", views.prompt, name="prompt"),
]
