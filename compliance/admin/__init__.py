"""Policies to set up, and the ledger of who agreed to what, to read."""

from compliance.admin.consents import ConsentAdmin
from compliance.admin.policies import PolicyAdmin

__all__ = ["ConsentAdmin", "PolicyAdmin"]
