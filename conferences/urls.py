"""Where Twilio asks about legs of conferences, and tells of them."""

from django.urls import path

from conferences import webhooks

urlpatterns = [
    path("voice/participants/<uuid:participant>", webhooks.answer, name="voice-participant"),
    path("voice/participants/<uuid:participant>/accept", webhooks.accept, name="voice-accept"),
    path(
        "voice/participants/<uuid:participant>/notices/<int:policy>/<int:tries>",
        webhooks.notice,
        name="voice-notice",
    ),
    path("voice/announcements/<uuid:announcement>", webhooks.announcement, name="voice-announcement"),
    path("voice/alone", webhooks.alone, name="voice-alone"),
    path("voice/hold", webhooks.hold, name="voice-hold"),
    path("voice/moment", webhooks.moment, name="voice-moment"),
    path("voice/released", webhooks.released, name="voice-released"),
    path("webhooks/conference", webhooks.events, name="conference-events"),
    path("webhooks/participants/<uuid:participant>/status", webhooks.status, name="participant-status"),
]
