"""Callers counted day by day, so that a page need not read the history of every call."""

from django.db import models


class StepCount(models.Model):
    """Callers of a day who left a step by an exit; without an exit those who gave up there: they hung up.

    The day is that on which the call began, in UTC. A step is named as in documents, by its key.
    """

    day = models.DateField()
    step = models.CharField(max_length=32)
    exit = models.CharField(max_length=80, blank=True)
    callers = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "day", "exit"], name="counted_once_per_day")]

    def __str__(self) -> str:
        return f"{self.callers} by {self.exit or 'hanging up'} from step {self.step} on {self.day}"
