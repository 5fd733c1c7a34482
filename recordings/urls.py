"""Where Twilio tells us of recordings, and where people find, hear, share and take them."""

from django.contrib import admin
from django.urls import path

from recordings import webhooks
from recordings.admin import search
from recordings.views import answering, asking, listening, shared

urlpatterns = [
    path("voice/returns/<uuid:attempt>", webhooks.returned, name="voice-returned"),
    path("webhooks/recording", webhooks.recording, name="recording"),
    path("webhooks/recorders/<uuid:recorder>", webhooks.recorder, name="recorder"),
    path("recordings/<uuid:recording>/audio", listening.audio, name="recording-audio"),
    path("recordings/<uuid:recording>/original", listening.original, name="recording-original"),
    path("recordings/media/<str:token>", listening.media, name="recording-media"),
    path("recordings/<uuid:recording>/waves", listening.waves, name="recording-waves"),
    path("recordings/<uuid:recording>/reason", asking.reason, name="recording-reason"),
    path("recordings/<uuid:recording>/share", asking.share, name="recording-share"),
    path("recordings/<uuid:recording>/download", asking.download, name="recording-download"),
    path("recordings/shares/<uuid:link>/revoke", asking.unshare, name="recording-unshare"),
    path("transcripts/<uuid:transcript>/<str:token>", answering.answer, name="transcript-answer"),
    path("admin/recordings/search/", admin.site.admin_view(search.view), name="recording-search"),
    path("shared/<str:token>", shared.page, name="shared"),
    path("shared/<str:token>/audio", shared.audio, name="shared-audio"),
]
