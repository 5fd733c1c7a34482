"""Where a recording is deleted by hand."""

from django.urls import path

from retention import views

urlpatterns = [path("recordings/<uuid:recording>/delete", views.delete, name="recording-delete")]
