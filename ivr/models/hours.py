"""Opening hours: the usual week, the dates that differ, public holidays, and closing at once."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ivr.models.prompts import Prompt


class Schedule(models.Model):
    """Opening hours under a name, in the zone of the place they speak of.

    `country` and `region` say whose public holidays are offered; "" for none.
    """

    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True, default="")
    region = models.CharField(max_length=40, blank=True, default="")

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


def _times(name: str) -> list[models.BaseConstraint]:
    """Give what holds of every date that differs: closed all day, or hours, or a part that is closed, never two."""
    open_then = Q(opens__isnull=False, closes__isnull=False, closed_from__isnull=True)
    no_hours = Q(opens__isnull=True, closes__isnull=True)
    closed_part = Q(closed_from__isnull=False) | Q(closed_until__isnull=True)
    return [models.CheckConstraint(condition=(open_then | no_hours) & closed_part, name=f"{name}_is_of_one_kind")]


class Differing(models.Model):
    """A date that does not follow the week: closed all day, at hours of its own, or closed for a part of the day."""

    name = models.CharField(max_length=80)
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)
    closed_from = models.TimeField(null=True, blank=True)
    closed_until = models.TimeField(null=True, blank=True)
    prompt = models.ForeignKey(
        Prompt,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("callers hear"),
        help_text=_("What callers hear while it is closed for this reason, before they go on."),
    )

    class Meta:
        abstract = True


class DatedException(Differing):
    """A single date that differs: a works holiday, or a day open at other hours."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="exceptions")
    date = models.DateField()

    class Meta:
        verbose_name = "dated exception"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "date", "opens", "closed_from"],
                nulls_distinct=False,
                name="one_exception_per_beginning",
            ),
            *_times("exception"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.date}"


class YearlyDate(Differing):
    """A date that differs in each year. February 29 counts in the years that have it."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="yearly")
    month = models.PositiveSmallIntegerField()
    day = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "yearly date"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "month", "day", "opens", "closed_from"],
                nulls_distinct=False,
                name="one_yearly_date_per_beginning",
            ),
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12, day__gte=1, day__lte=31), name="yearly_date_in_year"
            ),
            *_times("yearly_date"),
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}/{self.month}"


class HolidayYear(models.Model):
    """Somebody has confirmed the public holidays of a year, as they are in this country and region."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="holiday_years")
    year = models.PositiveSmallIntegerField()
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=40, blank=True, default="")
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["schedule", "year"], name="one_confirmation_per_year")]

    def __str__(self) -> str:
        return f"{self.schedule} in {self.year}"


class PublicHoliday(models.Model):
    """A public holiday of a confirmed year, and whether the place is closed on it."""

    year = models.ForeignKey(HolidayYear, models.CASCADE, related_name="holidays")
    date = models.DateField()
    name = models.CharField(max_length=80)
    is_closed = models.BooleanField(default=True)
    prompt = models.ForeignKey(Prompt, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "date"], name="one_holiday_per_date")]

    def __str__(self) -> str:
        return f"{self.name} on {self.date}"


class Closures(models.QuerySet["Closure"]):
    def lasting(self, *, at: datetime) -> "Closures":
        """Those that keep something closed at `at`."""
        ends = Q(ends_at__isnull=True) | Q(ends_at__gt=at)
        return self.filter(ends, began_at__lte=at, opened_at__isnull=True)


class Closure(models.Model):
    """Somebody has closed at once, whatever the hours say, until a moment or until somebody opens again.

    `key` is that of the form that was sent, so that sending it twice closes once. Callers hear `prompt`, or the
    `message` in its language.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    schedules = models.ManyToManyField(Schedule, related_name="closures")
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=80)
    message = models.TextField(blank=True, default="")
    language = models.CharField(max_length=16, blank=True, default="")
    prompt = models.ForeignKey(Prompt, models.SET_NULL, null=True, blank=True, related_name="+")
    ends_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True, editable=False)
    telling_at = models.DateTimeField(null=True, blank=True, editable=False)
    is_over_told = models.BooleanField(default=False, editable=False)

    objects = Closures.as_manager()

    class Meta:
        permissions = [("close_now", "Can close at once and open again")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=models.F("began_at")), name="closure_ends_after_begin"
            )
        ]
        indexes = [
            models.Index(fields=["began_at"], name="closure_not_over", condition=Q(is_over_told=False)),
        ]

    def __str__(self) -> str:
        return self.reason

    def lasts(self, at: datetime) -> bool:
        return self.opened_at is None and (self.ends_at is None or self.ends_at > at)


class ClosureEvent(models.Model):
    """What was done with a closure, and what it did by itself."""

    class What(models.TextChoices):
        CLOSED = "closed", _("closed")
        MOVED = "moved", _("end changed")
        OPENED = "opened", _("opened again")
        ENDED = "ended", _("opened by itself")
        REMINDED = "reminded", _("reminder sent")

    closure = models.ForeignKey(Closure, models.CASCADE, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8, choices=What.choices)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["closed", "moved", "opened", "ended", "reminded"]), name="closure_event_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_what_display()} at {self.at}"
