"""Rules and evidence: policies and notices, consents, holds, retention rules, and who had access."""

from compliance.models.access import AccessEntry
from compliance.models.consent import Consent, Notice, Policy, Scope
from compliance.models.keeping import Hold, RetentionRule

__all__ = ["AccessEntry", "Consent", "Hold", "Notice", "Policy", "RetentionRule", "Scope"]
