"""The pages that people work at."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("dashboard.desk.urls")),
    path("board/", include("dashboard.board.urls")),
]
