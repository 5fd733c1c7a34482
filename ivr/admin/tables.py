"""Rows of a form in a table."""

from typing import Any

from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import TabularInline


class Placed(BaseInlineFormSet):
    """Rows with a place among the others."""

    def clean(self) -> None:
        """Refuse a place that is given twice, and put rows without one behind all others."""
        super().clean()
        rows = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        taken = set[int]()
        for form in rows:
            place = form.cleaned_data.get("position")
            if place in taken:
                form.add_error("position", _("Another row has this place already."))
            elif place is not None:
                taken.add(place)
        for form in rows:
            if form.cleaned_data.get("position") is None and "position" not in form.errors:
                form.instance.position = max(taken, default=0) + 1
                taken.add(form.instance.position)


class Table(TabularInline):
    """An inline whose fields say their column: the headings stand apart, and their help is there for a mouse only."""

    extra = 0
    hide_title = True

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> type[BaseInlineFormSet]:
        formset: type[BaseInlineFormSet] = super().get_formset(request, obj, **kwargs)
        for field in formset.form.base_fields.values():
            named = {"aria-label": field.label, "title": field.help_text}
            field.widget.attrs |= {name: text for name, text in named.items() if text}
        return formset
