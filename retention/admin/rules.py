"""Retention rules: what a change would remove is shown before it is saved."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import display

from compliance.actions import rules as actions
from compliance.endings import RulesNow, words_of
from compliance.models import RetentionRule
from compliance.rules_in_words import KINDS, MEANINGS
from compliance.states import Kept
from retention.admin.page import Page, person, written
from retention.forms import RuleForm
from retention.previewing import effects


@admin.register(RetentionRule)
class RetentionRuleAdmin(Page):
    list_display = ("what", "days", "changed", "changed_by", "last_run")
    list_filter = ("kind",)
    list_select_related = ("queue", "team", "changed_by")
    list_before_template = "admin/retention/rules_intro.html"
    ordering = ("kind", "number", "queue", "team")

    @display(description=gettext_lazy("rule"))
    def what(self, rule: RetentionRule) -> str:
        return words_of(rule)

    @display(description=gettext_lazy("changed"), ordering="changed_at")
    def changed(self, rule: RetentionRule) -> str:
        return written(rule.changed_at)

    @display(description=gettext_lazy("last run"))
    def last_run(self, rule: Any) -> str:
        return written(rule.ran_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[RetentionRule]:
        rows: QuerySet[RetentionRule] = super().get_queryset(request)
        return rows.annotate(ran_at=Max("runs__done_at"))

    def has_delete_permission(self, request: HttpRequest, _row: Any = None) -> bool:
        return bool(request.user.has_perm("compliance.delete_retentionrule"))

    def get_urls(self) -> list[URLPattern]:
        coming = self.admin_site.admin_view(self.next_view)
        return [path("next/", coming, name="compliance_retentionrule_next"), *super().get_urls()]

    def next_view(self, request: HttpRequest) -> HttpResponseBase:
        """Show what goes with the next runs, by which rule."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = RulesNow.read()
        coming = effects(now, before=now, kinds=list(Kept), at=timezone.now())
        return self.shown(request, "next", _("What goes next"), effects=coming)

    def add_view(self, request: HttpRequest, *_rest: Any, **_more: Any) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._form(request, RetentionRule(), _("Add a rule"))

    def change_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        rule = self.the_row(request, object_id)
        if not self.has_change_permission(request, rule):
            return self.shown(request, "rule", words_of(rule), original=rule, rule=rule, words=words_of(rule))
        return self._form(request, rule, words_of(rule))

    def delete_view(self, request: HttpRequest, object_id: str, *_rest: Any, **_more: Any) -> HttpResponseBase:
        """Show what follows when the rule is gone: other rules may end sooner what this one keeps."""
        rule = self.the_row(request, object_id)
        if not self.has_delete_permission(request, rule):
            raise PermissionDenied
        if request.method == "POST":
            self.log_deletions(request, RetentionRule.objects.filter(pk=rule.pk))
            actions.take_away(rule)
            messages.success(request, _("The rule is gone. What it ruled follows the next one."))
            return self._to_list()
        rows = [row for row in _rows() if row.pk != rule.pk]
        found = _preview(rows, {Kept(rule.kind)})
        return self.shown(
            request, "rule_delete", _("Delete a rule"), original=rule, words=words_of(rule), effects=found
        )

    def _form(self, request: HttpRequest, rule: RetentionRule, title: str) -> HttpResponseBase:
        was, is_new = rule.kind, rule._state.adding
        form, found = RuleForm(request.POST or None, instance=rule), None
        if request.method == "POST" and form.is_valid():
            changed = form.save(commit=False)
            if "confirmed" in request.POST:
                actions.put(changed, by=person(request), at=timezone.now())
                log = self.log_addition if is_new else self.log_change
                log(request, changed, words_of(changed))
                messages.success(request, _("The rule is saved. It counts for what exists, too."))
                return self._to_list()
            others = [row for row in _rows() if row.pk != changed.pk]
            found = _preview([*others, changed], {Kept(changed.kind), *([Kept(was)] if was else [])})
        kinds = [(KINDS[kind], MEANINGS[kind]) for kind in Kept]
        may_delete = not is_new and self.has_delete_permission(request)
        return self.shown(
            request,
            "rule_form",
            title,
            original=None if is_new else rule,
            form=form,
            effects=found,
            kinds=kinds,
            may_delete=may_delete,
        )

    def _to_list(self) -> HttpResponseRedirect:
        return HttpResponseRedirect(reverse("admin:compliance_retentionrule_changelist"))


def _rows() -> list[RetentionRule]:
    return list(RetentionRule.objects.select_related("queue", "team").order_by("pk"))


def _preview(rows: list[RetentionRule], kinds: set[Kept]) -> Any:
    return effects(RulesNow.of(rows), before=RulesNow.read(), kinds=kinds, at=timezone.now())
