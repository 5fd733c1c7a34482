"""What somebody fills in to search, and in what sentence it is said that this cannot be looked for."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, User
from compliance.states import Subject
from queues.models import Queue
from recordings.search import asking, words
from recordings.search.reading import Filters
from recordings.search.words import LONGEST, MOST_TERMS, Unclear, Wanted, Why
from recordings.speech.provider import main_language
from telephony import numbers
from telephony.languages import LANGUAGES

SENTENCES: Mapping[Why, Promise] = {
    Why.TOO_LONG: _("That is too long. At most %(longest)d characters can be looked for."),
    Why.TOO_MANY: _("These are too many words. At most %(most)d can be looked for at once."),
    Why.QUOTE: _('A quotation mark is missing: a phrase has one at either end, "like this".'),
    Why.NEAR: _("NEAR stands between two words that are looked for, as in: flat NEAR tire."),
    Why.NO_WORD: _("There is no word in this."),
    Why.ONLY_EXCLUDED: _("Say at least one word that is there; this says only what must not be there."),
    Why.TOO_COMMON: _("Every sentence has such words. Add one that says more."),
}
SUBJECTS = [
    ("", _("anything")),
    (Subject.CONVERSATION.value, _("conversations")),
    (Subject.AGENT.value, _("agents' lines")),
    (Subject.VOICEMAIL.value, _("voicemails")),
]
_DAYS = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 1, 1))]


class SearchForm(forms.Form):
    """Everything is optional; the choices are those of the person."""

    q = forms.CharField(label=_("What was said"), required=False)
    queue = forms.ModelChoiceField(Queue.objects.none(), label=_("Queue"), required=False, empty_label=_("any"))
    agent = forms.ModelChoiceField(Agent.objects.none(), label=_("Agent"), required=False, empty_label=_("any"))
    since = forms.DateField(label=_("From"), required=False, validators=_DAYS)
    until = forms.DateField(label=_("To"), required=False, validators=_DAYS)
    number = forms.CharField(label=_("Number"), required=False, max_length=40)
    subject = forms.ChoiceField(label=_("Kind"), choices=SUBJECTS, required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, *args: Any, user: User, **named: Any) -> None:
        super().__init__(*args, **named)
        self.wanted: Wanted | None = None
        self._choice("queue").queryset = _queues(user)
        self._choice("agent").queryset = _agents(user)
        tongues = sorted({main_language(tag) for tag in asking.languages()} - {""})
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", _("any")), *((tongue, _NAMES.get(tongue, tongue)) for tongue in tongues)]

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        try:
            self.wanted = words.parse(typed)
        except Unclear as unclear:
            raise ValidationError(sentence(unclear)) from unclear
        return typed

    def clean_number(self) -> str:
        """Read the whole of a number, so that it is found by an index."""
        typed = self.cleaned_data["number"].strip()
        number = numbers.parse(typed, country=settings.DEFAULT_COUNTRY) if typed else ""
        if number is None:
            raise ValidationError(
                _("Write the whole number, as you would dial it or with its country: +1 202 555 0100.")
            )
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day."))
        return cleaned

    @property
    def filters(self) -> Filters:
        """What was chosen. Days are whole, in the time zone of the screens."""
        chosen = self.cleaned_data
        return Filters(
            queue=chosen["queue"].pk if chosen["queue"] else None,
            agent=chosen["agent"].pk if chosen["agent"] else None,
            since=_midnight(chosen["since"]) if chosen["since"] else None,
            until=_midnight(chosen["until"] + timedelta(days=1)) if chosen["until"] else None,
            number=chosen["number"],
            subject=chosen["subject"],
            language=chosen["language"],
        )

    def complain(self, unclear: Unclear) -> None:
        """Say what the search itself has found wrong with the words."""
        self.add_error("q", sentence(unclear))


def sentence(unclear: Unclear) -> str:
    """Say what is wrong with the words."""
    return str(SENTENCES[unclear.why]) % {"longest": LONGEST, "most": MOST_TERMS}


_NAMES = {main_language(tag): name.partition(" (")[0] for tag, name in LANGUAGES.items()}


def _queues(user: User) -> Any:
    queues = Queue.objects.only("name").order_by("name")
    if user.has_perm("recordings.listen_everywhere"):
        return queues
    return queues.filter(Q(team__in=user.supervised_teams.values("pk")) | Q(listeners=user)).distinct()


def _agents(user: User) -> Any:
    agents = Agent.objects.only("name").order_by("name")
    if user.has_perm("recordings.listen_everywhere"):
        return agents
    queues = _queues(user).order_by().values("pk")
    return agents.filter(
        Q(team__in=user.supervised_teams.values("pk")) | Q(memberships__queue__in=queues) | Q(user=user)
    ).distinct()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
