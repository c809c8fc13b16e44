"""The staff's side under fire: the incident's own pages, and the stock ones for looking up."""

from incidents.admin import records, replay, rooms

__all__ = ["records", "replay", "rooms"]
