"""The staff's side under fire: the incident's own pages, and the stock ones for looking up."""

from incidents.admin import records, rooms

__all__ = ["records", "rooms"]
