"""A client's schema afterwards: what the client reads."""

from reports.models.reports import Report

__all__ = ["Report"]
