"""Who had access, to read and to export."""

from compliance.admin.access import AccessEntryAdmin

__all__ = ["AccessEntryAdmin"]
