"""What Twilio asks for about texts, and the media that people have sent."""

from django.urls import path

from messaging import views, webhooks

urlpatterns = [
    path("messaging/inbound", webhooks.inbound, name="messaging-inbound"),
    path("messaging/fallback", webhooks.fallback, name="messaging-fallback"),
    path("messaging/status", webhooks.status, name="messaging-status"),
    path("messaging/status/<uuid:message>", webhooks.status_of, name="messaging-status-of"),
    path("texts/media/<uuid:media>", views.media, name="texted-media"),
]
