"""Every address of the application. What Twilio calls lies under /voice/ and /webhooks/."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from contactcenter import health

handler500 = "contactcenter.errors.failed"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("ivr.urls")),
    path("", include("calls.urls")),
    path("", include("conferences.urls")),
    path("", include("recordings.urls")),
    path("", include("messaging.urls")),
    path("", include("queues.urls")),
    path("", include("outbound.urls")),
    path("", include("retention.urls")),
    path("", include("crm.urls")),
    path("", include("dashboard.urls")),
    path("api/", include("contactcenter.api")),
    path("admin/", admin.site.urls),
]
