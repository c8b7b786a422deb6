"""Stands in for real-time avatar vendors, and judges the plugins written against them."""

__version__ = "0.1.0"
