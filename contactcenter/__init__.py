"""Wiring: imports everything, imported by nothing."""

from contactcenter.celery import app as celery_app

__all__ = ["celery_app"]
