"""The forms of the admin as a panel shows them: sections of fields, and rows beneath."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import ModelAdmin
from django.db.models import Model
from django.forms import BaseForm, BaseInlineFormSet, BoundField
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Section:
    """A group of fields under a heading, which the first has none of."""

    title: str
    about: str
    fields: tuple[BoundField, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form with the rows that belong to it."""

    form: BaseForm
    rows: tuple[BaseInlineFormSet, ...]
    sections: tuple[Section, ...]

    def is_valid(self) -> bool:
        """Check all of it, so that all that is wrong is told at once."""
        return all([self.form.is_valid(), *(rows.is_valid() for rows in self.rows)])

    def keep(self) -> None:
        self.form.save()  # type: ignore[attr-defined]  # every form of the admin is one of a model
        for rows in self.rows:
            rows.save()

    def changed(self) -> list[str]:
        """Name what differs from what was there."""
        fields = [str(self.form[name].label) for name in self.form.changed_data]
        return [*fields, *(str(rows.title) for rows in self.rows if rows.has_changed())]  # type: ignore[attr-defined]

    @property
    def wrong(self) -> int:
        return len(self.form.errors) + sum(len([one for one in rows.errors if one]) for rows in self.rows)


def sheet(request: HttpRequest, admin: "ModelAdmin[Any]", thing: Model, *, is_bound: bool = False) -> Sheet:
    """Give the form of a thing as its admin makes it, filled with what was sent or with what is there."""
    given: dict[str, Any] = {"data": request.POST, "files": request.FILES} if is_bound else {}
    form = admin.get_form(request, thing, change=True)(instance=thing, **given)
    return Sheet(form, tuple(_rows(request, admin, thing, given)), tuple(_sections(request, admin, thing, form)))


def _rows(
    request: HttpRequest, admin: "ModelAdmin[Any]", thing: Model, given: dict[str, Any]
) -> Iterator[BaseInlineFormSet]:
    for formset, inline in admin.get_formsets_with_inlines(request, thing):
        rows = formset(
            instance=thing, prefix=formset.get_default_prefix(), queryset=inline.get_queryset(request), **given
        )
        rows.title, rows.one = inline.verbose_name_plural, inline.verbose_name
        yield rows


def _sections(request: HttpRequest, admin: "ModelAdmin[Any]", thing: Model, form: BaseForm) -> Iterator[Section]:
    for title, options in admin.get_fieldsets(request, thing):
        fields = tuple(form[str(name)] for name in options["fields"])
        yield Section(str(title or ""), str(options.get("description") or ""), fields)
