"""Runs everything on one machine: PostgreSQL and Valkey from wheels, and our own processes beside them.

Nothing here is needed in production, and nothing of the application is imported: it is started.
"""
