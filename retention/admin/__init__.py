"""Holds, rules, runs, erasures and findings: the work of whoever answers for what is kept and what goes."""

from retention.admin.erasures import ErasureAdmin
from retention.admin.findings import ComparisonAdmin, FindingAdmin
from retention.admin.holds import HoldAdmin
from retention.admin.rules import RetentionRuleAdmin
from retention.admin.runs import RunAdmin

__all__ = ["ComparisonAdmin", "ErasureAdmin", "FindingAdmin", "HoldAdmin", "RetentionRuleAdmin", "RunAdmin"]
