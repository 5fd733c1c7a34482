"""What Twilio asks for while a caller is on the line, and the page that closes at once."""

from django.contrib import admin
from django.urls import path

from ivr import views, webhooks
from ivr.admin import closing

urlpatterns = [
    path("voice/inbound", webhooks.inbound, name="voice-inbound"),
    path("voice/fallback", webhooks.fallback, name="voice-fallback"),
    path("voice/visits/<uuid:visit>/<int:turn>", webhooks.visit, name="voice-visit"),
    path("voice/visits/<uuid:visit>/<int:turn>/screen", webhooks.screen, name="voice-screen"),
    path("voice/visits/<uuid:visit>/<int:turn>/wait/<int:loop>", webhooks.wait, name="voice-wait"),
    path("admin/close/", admin.site.admin_view(closing.close), name="close"),
    path("prompts/<slug:sha256>", views.prompt, name="prompt"),
]
