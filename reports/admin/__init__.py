"""The staff's side afterwards: drafts to word and to sign, and the stock list for looking up."""

from reports.admin import records, rooms

__all__ = ["records", "rooms"]
