"""What was answered to writes with an Idempotency-Key, so that a repeat gets the same."""

from django.db import models


class KeptAnswer(models.Model):
    """The answer to one write. It is committed together with the write, so that there is never one without the other.

    `credential` is `key:<id>` of the key, or `user:<id>` of somebody at our own pages; `request` is the SHA-256 of what
    was asked. Kept for a day at least.
    """

    id = models.BigAutoField(primary_key=True)
    credential = models.CharField(max_length=64)
    idempotency_key = models.CharField(max_length=255)
    request = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["credential", "idempotency_key"], name="one_answer_for_a_repeated_write")
        ]

    def __str__(self) -> str:
        return f"{self.credential} {self.idempotency_key}"
