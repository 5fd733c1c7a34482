"""Every write to contacts and to the ledger of opt-outs."""

from contacts.actions.changing import (
    Different,
    Gone,
    NotTheirs,
    change,
    change_many,
    choose,
    create,
    create_many,
    delete,
    note_saved,
    set_calls,
)
from contacts.actions.importing import Unfit, import_contacts
from contacts.actions.merging import NothingLeft, SameContact, merge, preview, split
from contacts.actions.opting import NoNumber, opt_in, opt_out
from contacts.details import HasProblems

__all__ = [
    "Different",
    "Gone",
    "HasProblems",
    "NoNumber",
    "NotTheirs",
    "NothingLeft",
    "SameContact",
    "Unfit",
    "change",
    "change_many",
    "choose",
    "create",
    "create_many",
    "delete",
    "import_contacts",
    "merge",
    "note_saved",
    "opt_in",
    "opt_out",
    "preview",
    "set_calls",
    "split",
]
