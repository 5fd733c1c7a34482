"""Where Twilio asks about calls that were ordered, and tells of them."""

from django.urls import path

from outbound import webhooks

urlpatterns = [
    path("voice/orders/<uuid:order>/<int:tries>", webhooks.answer, name="voice-order"),
    path("voice/orders/<uuid:order>/<int:tries>/message", webhooks.message, name="voice-order-message"),
    path("voice/orders/<uuid:order>/onward", webhooks.onward, name="voice-ordered"),
    path("webhooks/orders/<uuid:order>/<int:tries>/status", webhooks.status, name="order-status"),
]
