"""Keys of the API, made and taken back by those whom they belong to."""

from crm.admin.keys import KeyAdmin

__all__ = ["KeyAdmin"]
