"""The admin's pages of contacts, of the systems that know them too, and of the ledger of opt-outs."""

from contacts.admin.contacts import ContactAdmin
from contacts.admin.optouts import OptOutAdmin
from contacts.admin.systems import SystemAdmin

__all__ = ["ContactAdmin", "OptOutAdmin", "SystemAdmin"]
