"""The account of a person who works here."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A log-in. Roles are groups (`agents/roles.py`)."""
