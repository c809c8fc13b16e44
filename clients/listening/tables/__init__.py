"""Reads tables of mentions (CSV, TSV) that other tools export: what is in them (`sniff`), then row by row (`read`)."""

from clients.listening.tables.layout import Layout, TableError, sniff
from clients.listening.tables.rows import Reading, RowProblem, read

__all__ = ["Layout", "Reading", "RowProblem", "TableError", "read", "sniff"]
