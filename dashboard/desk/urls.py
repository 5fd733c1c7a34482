"""The desk: the page, its panels, what is pressed, and what the page reports of itself."""

from django.urls import path

from dashboard.desk import presses, reports, texts, views

urlpatterns = [
    path("", views.desk, name="desk"),
    path("panels/<slug:panel>", views.panel, name="desk-panel"),
    path("texts/measure", texts.measure, name="desk-texts-measure"),
    path("do/<slug:what>", presses.do, name="desk-do"),
    path("heartbeat", reports.heartbeat, name="desk-heartbeat"),
    path("phone/token", reports.token, name="desk-phone-token"),
    path("phone/quality", reports.quality, name="desk-phone-quality"),
]
