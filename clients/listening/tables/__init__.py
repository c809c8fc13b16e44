"""Reads tables of mentions (CSV, TSV, XLSX) that other tools export: what is in them (`sniff`), then row by row
(`read`)."""

from clients.listening.tables.layout import Layout, TableError, count, sniff
from clients.listening.tables.rows import Reading, RowProblem, read
from clients.listening.tables.tools import recognised, signature

__all__ = ["Layout", "Reading", "RowProblem", "TableError", "count", "read", "recognised", "signature", "sniff"]
