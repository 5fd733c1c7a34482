"""Who listened."""

from django.contrib import admin

from recordings.admin.rows import ReadOnly
from recordings.models import Play


@admin.register(Play)
class PlayAdmin(ReadOnly):
    list_display = ("at", "user", "recording", "address")
    list_filter = ("user",)
    list_select_related = ("user", "recording")
    ordering = ("-at",)
    search_fields = ("recording__sid", "user__username")
    fields = ("at", "user", "recording", "address")
