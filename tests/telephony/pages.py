"""Pages to try the decorator on, as a URL configuration of their own. Their lasting effect is a `PhoneNumber` each."""

from datetime import datetime
from itertools import count

from django.db import connection, transaction
from django.urls import path

from telephony import payloads
from telephony.messaging_twiml import Message, Redirect
from telephony.payloads import Form, GatherResult, IncomingMessage, VoiceRequest
from telephony.twiml import Hangup, Say, Verb
from telephony.webhooks import webhook
from tests.telephony import factories


class Boom(Exception):
    pass


def emergency(form: Form) -> tuple[Verb, ...]:
    return (Say(f"Emergency for {form.get('To', '')}"), Hangup())


def broken_emergency(form: Form) -> tuple[Verb, ...]:
    raise Boom


def number_of_rows() -> int:
    return factories.PhoneNumber.objects.count()


@webhook(payloads.voice_request, offline=emergency)
def verbs(request: VoiceRequest, *, at: datetime) -> tuple[Verb, ...]:
    factories.phone_number(f"+1415555{number_of_rows():04}")
    return Say(f"row {number_of_rows()}"), Hangup()


@webhook(payloads.voice_request)
def news(request: VoiceRequest, *, at: datetime) -> None:
    factories.phone_number(f"+1415555{number_of_rows():04}")


@webhook(payloads.gather_result)
def fails_once(result: GatherResult, *, at: datetime, turn: int) -> str:
    """Fail as long as the table is empty outside this transaction; what is written before the failure must vanish."""
    rows = number_of_rows()
    factories.phone_number()
    if not rows:
        raise Boom(f"pressed {result.digits}, heard {result.speech!r}, called by {result.call.from_number}")
    return "<Response/>"


@webhook(payloads.voice_request)
def refused_by_database(request: VoiceRequest, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


_deadlocks = count()


@webhook(payloads.voice_request)
def deadlocks_once(request: VoiceRequest, *, at: datetime) -> str:
    factories.phone_number()
    if next(_deadlocks) % 2 == 0:
        with connection.cursor() as cursor:
            cursor.execute("DO $$ BEGIN RAISE deadlock_detected; END $$")
    return "<Response/>"


@webhook(payloads.voice_request, offline=emergency)
def loses_database(request: VoiceRequest, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@webhook(payloads.voice_request, offline=broken_emergency)
def loses_everything(request: VoiceRequest, *, at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@webhook(payloads.voice_request)
def loses_broker(request: VoiceRequest, *, at: datetime) -> str:
    def tell() -> None:
        raise Boom("no broker")

    factories.phone_number()
    transaction.on_commit(tell)
    return "<Response/>"


@webhook(payloads.voice_request, once=False)
def music(request: VoiceRequest, *, at: datetime) -> str:
    return f"<Response><!-- {number_of_rows()} --></Response>"


@webhook(payloads.voice_request, once=False)
def broken_music(request: VoiceRequest, *, at: datetime) -> str:
    raise Boom


@webhook(payloads.incoming_message)
def text(message: IncomingMessage, *, at: datetime) -> tuple[Message | Redirect, ...]:
    return Message(f"You wrote {len(message.body)} letters"), Redirect("https://x/next")


@webhook(lambda form: form, once=False)
def echo(form: Form, *, at: datetime) -> str:
    return repr(sorted(form.items()))


urlpatterns = [
    path("t/verbs", verbs),
    path("t/news", news),
    path("t/fails/<int:turn>", fails_once),
    path("t/refused", refused_by_database),
    path("t/deadlocks", deadlocks_once),
    path("t/loses", loses_database),
    path("t/loses-everything", loses_everything),
    path("t/broker", loses_broker),
    path("t/text", text),
    path("t/music", music),
    path("t/broken-music", broken_music),
    path("t/echo", echo),
]
