"""Every write to contacts and to the ledger of opt-outs."""

from contacts.actions.opting import NoNumber, opt_in, opt_out

__all__ = ["NoNumber", "opt_in", "opt_out"]
