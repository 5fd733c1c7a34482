"""Policies to set up, the ledger of who agreed to what, and who had access, to read."""

from compliance.admin.access import AccessEntryAdmin
from compliance.admin.consents import ConsentAdmin
from compliance.admin.policies import PolicyAdmin

__all__ = ["AccessEntryAdmin", "ConsentAdmin", "PolicyAdmin"]
