"""Transcripts for measurements: talks of a call center in three languages, whose words are as unevenly frequent."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from uuid import UUID

from django.db import connection

from agents.models import Agent, Team, User
from calls.models import Call
from compliance.states import Subject
from queues.models import Queue
from recordings.indexing import vector
from recordings.models import Mailbox, Recording, Transcript, Voicemail
from recordings.states import State

WORDS, BATCH, KEPT = 20_000, 500, 200
QUEUES, AGENTS_OF_A_TEAM, MAILBOXES = 40, 20, 5
NEWEST, DAYS = datetime(2026, 6, 1, tzinfo=UTC), timedelta(days=730)
LANGUAGES = {"en-US": 0.7, "de-DE": 0.2, "es-ES": 0.1}
# The words that each language has in every sentence come first; a search leaves them out.
STOPS = {
    "en-US": "the and to i you it a of is that in for on have we be this with my not are can do so",
    "de-DE": "ich das ist die und er der nicht es zu ein wir mit auf haben den in eine für mir war was",
    "es-ES": "de que no la el es y en lo un por una los se con para mi está como te le ya muy",
}
THEMES = {
    "en-US": "order account invoice delivery address refund number payment contract customer package problem",
    "de-DE": "rechnung lieferung vertrag konto nummer zahlung kunde beleg problem bestellung termin kosten",
    "es-ES": "pedido cuenta factura entrega contrato precio paquete problema pago tarjeta reembolso cita",
}
SYLLABLES = [one + vowel for one in [*"bdfgklmnprstvwz", "br", "st", "tr"] for vowel in "aeiou"]


@dataclass(slots=True)
class World:
    """What the transcripts hang on, and some of what was said in them, to look for."""

    queues: list[Queue] = field(default_factory=list)
    agents: dict[int, list[Agent]] = field(default_factory=dict)
    mailboxes: list[Mailbox] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


class Tongue:
    """A language: its words, the most frequent first, each drawn about as often as the law of Zipf says."""

    def __init__(self, tag: str) -> None:
        chance = random.Random(tag)
        made = {"".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3, 3, 4)))): None for _ in range(WORDS * 2)}
        self.words = [*STOPS[tag].split(), *THEMES[tag].split(), *made][:WORDS]
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def said(self, chance: random.Random, count: int) -> list[str]:
        return chance.choices(self.words, cum_weights=self._weights, k=count)


def make(world: World, first: int, count: int) -> None:
    """Make transcripts by their numbers, of calls to queues of unequal size, one in twenty a voicemail."""
    chance, tongues = random.Random(first), {tag: Tongue(tag) for tag in LANGUAGES}
    sizes = list(accumulate(1 / (rank + 2) for rank in range(len(world.queues))))
    index = next(one for one in Transcript._meta.indexes if one.name == "transcript_search")
    with connection.schema_editor() as schema:
        schema.remove_index(Transcript, index)  # it is built of all rows at once in a fraction of the time
    for start in range(first, first + count, BATCH):
        numbers = range(start, min(start + BATCH, first + count))
        rows = [_row(chance, number, (number - first) / count, world, tongues, sizes) for number in numbers]
        Call.objects.bulk_create([call for call, *_rest in rows])
        Recording.objects.bulk_create([recording for _call, recording, *_rest in rows])
        Voicemail.objects.bulk_create([voicemail for *_before, voicemail, _transcript in rows if voicemail])
        Transcript.objects.bulk_create([transcript for *_before, transcript in rows])
    with connection.schema_editor() as schema:
        schema.add_index(Transcript, index)
    with connection.cursor() as cursor:
        for model in (Call, Recording, Voicemail, Transcript, Queue):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def make_world() -> World:
    """Make the queues, each of a team of its own, and the people in them."""
    world = World()
    for number in range(QUEUES):
        team = Team.objects.create(name=f"Team {number}")
        queue = Queue.objects.create(name=f"Queue {number}", team=team)
        world.queues.append(queue)
        people = User.objects.bulk_create([User(username=f"agent-{number}-{one}") for one in range(AGENTS_OF_A_TEAM)])
        world.agents[queue.pk] = Agent.objects.bulk_create(
            [Agent(user=person, name=person.username, team=team) for person in people]
        )
    world.mailboxes = [Mailbox.objects.create(name=f"Mailbox {number}") for number in range(MAILBOXES)]
    return world


def _row(
    chance: random.Random,
    number: int,
    age: float,
    world: World,
    tongues: dict[str, Tongue],
    sizes: list[float],
) -> tuple[Call, Recording, Voicemail | None, Transcript]:
    at = NEWEST - DAYS * age - timedelta(seconds=chance.random())
    (tag,) = chance.choices(list(LANGUAGES), weights=LANGUAGES.values())
    is_voicemail = chance.random() < 0.05
    (queue,) = chance.choices(world.queues, cum_weights=sizes)
    agent = chance.choice(world.agents[queue.pk])
    belongs = {"queue": queue, "agent": agent} if not is_voicemail else {}
    subject = Subject.VOICEMAIL if is_voicemail else Subject.CONVERSATION
    segments = list(_lines(chance, tongues[tag], 4 if is_voicemail else chance.randint(20, 60)))
    text = "\n".join(segment["text"] for segment in segments)
    caller = f"+1{chance.randint(2_020_000_000, 9_890_000_000)}"
    call = Call(
        id=UUID(int=chance.getrandbits(128)),
        sid=f"CA{number:032x}",
        from_number=caller,
        to_number="+12025550100",
        direction="inbound",
        status="completed",
        started_at=at,
        heard_at=at,
    )
    recording = Recording(
        id=UUID(int=chance.getrandbits(128)),
        sid=f"RE{number:032x}",
        call=call,
        state=State.INDEXED,
        transcribes=True,
        seconds=int(segments[-1]["end"]) + 1,
        subject=subject,
        language=tag,
        announced_at=at,
        recorded_at=at,
        **belongs,
    )
    voicemail = (
        Voicemail(mailbox=chance.choice(world.mailboxes), recording=recording, call=call, left_at=at)
        if is_voicemail
        else None
    )
    transcript = Transcript(
        recording=recording,
        provider="made",
        language=tag,
        segments=segments,
        text=text,
        search=vector(text, tag),
        made_at=at,
        redacted_at=at,
        recorded_at=at,
        subject=subject,
        mailbox=voicemail.mailbox if voicemail else None,
        **belongs,
    )
    if number % 7 == 0 and len(world.texts) < KEPT:
        world.texts.append((tag, text))
        world.numbers.append(caller)
    return call, recording, voicemail, transcript


def _lines(chance: random.Random, tongue: Tongue, count: int) -> Iterator[dict[str, object]]:
    at = 0.0
    for place in range(count):
        words = tongue.said(chance, chance.randint(3, 20))
        end = round(at + len(words) * 0.4, 2)
        text = " ".join(words).capitalize() + "."
        yield {"start": at, "end": end, "speaker": ("Customer", "Agent")[place % 2], "text": text, "confidence": 0.9}
        at = round(end + 0.3, 2)
