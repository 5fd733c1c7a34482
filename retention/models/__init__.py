"""Runs of rules, erasures with their items, and what lies about unclaimed."""

from retention.models.erasure import Erasure, ErasureItem
from retention.models.orphan import Comparison, Finding
from retention.models.run import Run

__all__ = ["Comparison", "Erasure", "ErasureItem", "Finding", "Run"]
