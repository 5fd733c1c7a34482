"""Flows: drafted in the admin, published as documents, walked by calls."""
