"""Cockpit: a terminal instrument for the bug that exists only in production."""

__version__ = "0.1.0"
