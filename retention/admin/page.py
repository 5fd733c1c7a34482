"""What the pages here share."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.admin import ModelAdmin

from agents.models import User


class Page(ModelAdmin):
    """Rows that no form of the admin changes: their pages show them, and have buttons that call actions."""

    actions = None

    def has_delete_permission(self, _request: HttpRequest, _row: Any = None) -> bool:
        return False

    def shown(self, request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
        """Show a page of our own in the admin's frame."""
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/retention/{template}.html", whole)

    def the_row(self, request: HttpRequest, pk: Any) -> Any:
        """Give a row that this person may see. Raises PermissionDenied, also where there is none."""
        row = self.get_object(request, str(pk))
        if row is None or not self.has_view_permission(request, row):
            raise PermissionDenied
        return row


def person(request: HttpRequest) -> User:
    """Who asks: these pages are for those who have logged in."""
    assert isinstance(request.user, User)
    return request.user


def written(moment: Any) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else "-"
