"""Opening hours: the usual week, and the dates that differ."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Schedule(models.Model):
    """Opening hours under a name, in the zone of the place they speak of."""

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return self.name


class Interval(models.Model):
    """Open each week on one day. Closing at or before opening means: on the next day."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="intervals")
    weekday = models.PositiveSmallIntegerField(
        choices=[
            (0, _("Monday")),
            (1, _("Tuesday")),
            (2, _("Wednesday")),
            (3, _("Thursday")),
            (4, _("Friday")),
            (5, _("Saturday")),
            (6, _("Sunday")),
        ]
    )
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(weekday__lte=6), name="weekday_in_week")]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M} to {self.closes:%H:%M}"


class DatedException(models.Model):
    """A date that does not follow the week: a holiday, or a day open at other hours."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="exceptions")
    date = models.DateField()
    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True, help_text=_("Empty: closed all day."))
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        verbose_name = "dated exception"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "date", "opens"], nulls_distinct=False, name="one_exception_per_start"
            ),
            models.CheckConstraint(
                condition=models.Q(opens__isnull=True, closes__isnull=True)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="exception_has_both_times_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.date}"
