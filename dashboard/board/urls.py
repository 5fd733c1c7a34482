"""The board: the page, its panels, and what is pressed."""

from django.urls import path

from dashboard.board import presses, views

urlpatterns = [
    path("", views.board, name="board"),
    path("panels/<slug:panel>", views.panel, name="board-panel"),
    path("do/<slug:what>", presses.do, name="board-do"),
]
