"""The `@webhook` decorator: from Twilio's request to one answer, found once and repeated as often as asked for."""

import functools
import json
import logging
import re
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Concatenate, Generic, NamedTuple, TypeAlias, TypeVar
from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.request import UnreadablePostError
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.views.decorators.csrf import csrf_exempt

from telephony import actions, logs, messaging_twiml, signatures, twiml
from telephony.payloads import PRIVATE_FIELDS, Form
from telephony.signatures import Fields, Signed

logger = logging.getLogger(__name__)

Payload = TypeVar("Payload")
Document: TypeAlias = Sequence[twiml.Verb] | Sequence[messaging_twiml.Verb] | str
Answer: TypeAlias = Document | None
View: TypeAlias = Callable[Concatenate[Payload, ...], Answer]
Offline: TypeAlias = Callable[[Form], Document]

SIZE_LIMIT = 64 * 1024
FIELD_LIMIT = 1000
# A lost database is asked again at once, because a restarted one leaves dead connections in the pool; then we give up:
# a caller hears silence meanwhile.
TRIES = 5
PATIENCE = 0.5


class Terms(NamedTuple, Generic[Payload]):
    """What a view was decorated with. The view carries it as `webhook`, by which tests find all of them."""

    parse: Callable[[Form], Payload]
    once: bool
    offline: Offline | None


class Rejected(Exception):
    """The request cannot be read."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def webhook(
    parse: Callable[[Form], Payload], *, once: bool = True, offline: Offline | None = None
) -> Callable[[View[Payload]], Callable[..., HttpResponse]]:
    """Make a view of `view(payload, *, at, **parts of the address)`, which gives verbs, TwiML, or None for 204.

    The signature is always checked. With `once`, the view runs in one transaction with the record of its delivery, and
    a repeat of the request gets the first answer again. `once=False` is for pure reads. `offline` answers in place of
    the view when the database is away: it gets the form, and must need neither database nor broker.
    """

    def decorate(view: View[Payload]) -> Callable[..., HttpResponse]:
        terms = Terms(parse, once, offline)

        @functools.wraps(view)
        def page(request: HttpRequest, **parts: Any) -> HttpResponse:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            try:
                signed = _read(request)
            except Rejected as rejected:
                return HttpResponse(status=rejected.status)
            if not signatures.is_valid(signed):
                logger.warning("refused a request for %s: %s", request.path, signatures.explain(request, signed))
                return HttpResponse(status=403)
            form = _form(signed)
            call_sid, parent_call_sid, direction = logs.call_of(form)
            with logs.call(call_sid, parent_call_sid=parent_call_sid, direction=direction):
                return _Request(request, signed, form, call_sid, parts, terms, view).answer()

        page.webhook = terms  # type: ignore[attr-defined]  # functions have no place for it to be declared
        return csrf_exempt(page)

    return decorate


class _Request(Generic[Payload]):
    """One verified request on its way to an answer."""

    __slots__ = ("at", "call_sid", "committed", "form", "identity", "parts", "path", "response", "terms", "view")

    def __init__(
        self,
        request: HttpRequest,
        signed: Signed,
        form: Form,
        call_sid: str,
        parts: Mapping[str, Any],
        terms: Terms[Payload],
        view: View[Payload],
    ) -> None:
        self.path = signed.path
        self.identity = identity(signed, token=request.headers.get("I-Twilio-Idempotency-Token", ""))
        self.form, self.call_sid, self.parts, self.terms, self.view = form, call_sid, parts, terms, view
        self.at: datetime = timezone.now()
        self.response = HttpResponse(status=500)
        self.committed = False

    def answer(self) -> HttpResponse:
        deadline = time.monotonic() + PATIENCE
        for tries_left in reversed(range(TRIES)):
            try:
                self._run()
            except Exception as error:  # noqa: BLE001  the door: what a view raises is kept as evidence and answered 500
                if self.committed:
                    # Only what was to follow the commit failed, such as telling the workers. The sweeps pick that up.
                    logger.error("after the commit: %s", scrubbed(error, self.form))
                    return self.response
                if _database_took_back(error):
                    if tries_left:
                        continue  # a deadlock is found after a second: our patience with it is counted in tries
                elif _database_is_away(error):
                    connection.close()
                else:
                    return self._failed(error)
                if not tries_left or time.monotonic() > deadline:
                    return self._offline(error)
            else:
                return self.response
        raise AssertionError("the last try always returns")

    def _run(self) -> None:
        if not self.terms.once:
            self.response = _response(*self._call())
            return
        with transaction.atomic(durable=True):
            transaction.on_commit(self._note_commit)  # the first to be called, before any that the view adds
            delivery = actions.receive_delivery(
                identity=self.identity, path=self.path, call_sid=self.call_sid, form=storable(self.form), at=self.at
            )
            if delivery.answer is not None:
                self.response = _response(delivery.status_code, delivery.answer)
                return
            status_code, answer = self._call()
            actions.settle_delivery(delivery.id, status_code=status_code, answer=answer)
            self.response = _response(status_code, answer)

    def _call(self) -> tuple[int, str]:
        answer = self.view(self.terms.parse(self.form), at=self.at, **self.parts)
        if answer is None:
            return 204, ""
        return 200, written(answer)

    def _note_commit(self) -> None:
        self.committed = True

    def _failed(self, error: Exception) -> HttpResponse:
        """Keep what went wrong; the work itself is rolled back, and the next attempt starts clean."""
        text = scrubbed(error, self.form)
        logger.error("failed at %s: %s", self.path, text)
        if self.terms.once:
            try:
                with transaction.atomic():
                    actions.note_failure(
                        identity=self.identity,
                        path=self.path,
                        call_sid=self.call_sid,
                        form=storable(self.form),
                        error=text,
                        at=self.at,
                    )
            except DatabaseError as trouble:
                logger.error("could not note the failure: %s", type(trouble).__name__)
        return HttpResponse(status=500)

    def _offline(self, error: Exception) -> HttpResponse:
        logger.error("the database is away (%s) at %s", type(error).__name__, self.path)
        if self.terms.offline is None:
            return HttpResponse(status=503)
        try:
            return _response(200, written(self.terms.offline(self.form)))
        except Exception as trouble:  # noqa: BLE001  nothing is left but Twilio's own fallback
            logger.error("the offline answer failed too: %s", scrubbed(trouble, self.form))
            return HttpResponse(status=503)


def written(answer: Document) -> str:
    """Write a view's answer; verbs of calls and of texts have one form."""
    if isinstance(answer, str):
        return answer
    return twiml.document(
        messaging_twiml.written(verb) if isinstance(verb, messaging_twiml.Message) else twiml.written(verb)
        for verb in answer
    )


def identity(signed: Signed, *, token: str) -> str:
    """Give what is equal on all tries of one request and on no other: Twilio's token, else the fields.

    Keyed, because a hash of fields that hold a few digits could be undone by trying them all.
    """
    if token:
        text = f"token {signed.address}\n{token}"
    elif signed.is_json:
        text = f"json {signed.address}\n{signed.body!r}"
    else:
        text = f"form {signed.address}\n{sorted(signed.fields.lists())!r}"
    return salted_hmac("telephony.delivery", text.encode("utf-8", "replace"), algorithm="sha256").hexdigest()


def storable(form: Form) -> dict[str, str]:
    """Leave out what a caller keyed in or said, and what would open a door."""
    return {name: value for name, value in form.items() if name not in PRIVATE_FIELDS}


def scrubbed(error: BaseException, form: Form) -> str:
    """Write a traceback without anything private of the form: messages may quote it, lines of code do not."""
    private = sorted({value for name, value in form.items() if name in PRIVATE_FIELDS and value}, key=len, reverse=True)
    hidden = re.compile("|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in private)) if private else None
    parts = traceback.format_exception(error)
    return logs.hide(
        "".join(
            part if hidden is None or part.startswith('  File "') else hidden.sub("[private]", part) for part in parts
        )
    )


def _read(request: HttpRequest) -> Signed:
    """Read the body. Twilio writes forms, and JSON where it says so; `Rejected` for anything else."""
    if int(request.headers.get("content-length") or 0) > SIZE_LIMIT:  # a number: the middleware has seen to that
        raise Rejected(413)
    try:
        body = request.body
    except (SuspiciousOperation, UnreadablePostError) as error:
        raise Rejected(400) from error
    if len(body) > SIZE_LIMIT:  # a body may come without its length
        raise Rejected(413)
    is_json = request.content_type == "application/json"
    if not is_json and request.content_type not in {"application/x-www-form-urlencoded", ""}:
        raise Rejected(415)
    try:
        fields = _json_fields(body) if is_json else _form_fields(body)
    except (ValueError, RecursionError) as error:
        raise Rejected(400) from error
    return Signed.of(request, fields, body=body, is_json=is_json)


def _form_fields(body: bytes) -> Fields:
    """Read a form as Django's `QueryDict` does, in half its time."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    lists: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=FIELD_LIMIT):
        lists.setdefault(name, []).append(value)
    return MultiValueDict(lists)


def _json_fields(body: bytes) -> Fields:
    data = json.loads(body)
    if not isinstance(data, dict):
        raise ValueError("not an object")
    return MultiValueDict(
        {name: [value if isinstance(value, str) else json.dumps(value)] for name, value in data.items()}
    )


def _form(signed: Signed) -> dict[str, str]:
    """Give one value per name, without what PostgreSQL cannot store: it is signed, and a caller should not suffer."""
    form = {name: values[-1] for name, values in signed.fields.lists() if values}
    if signed.is_json or b"%00" in signed.body or b"\0" in signed.body:
        form = {_stored(name): _stored(value) for name, value in form.items()}
    return form


def _stored(text: str) -> str:
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _database_is_away(error: Exception) -> bool:
    """Tell a database that cannot be reached, or is leaving, from one that refuses a statement."""
    if isinstance(error, InterfaceError):
        return True
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state is None or state[:2] in {"08", "53", "57"}  # connection, resources, operator


def _database_took_back(error: Exception) -> bool:
    """Tell whether the work was undone only for the sake of another transaction, as in a deadlock."""
    state = getattr(error.__cause__, "sqlstate", None) if isinstance(error, DatabaseError) else None
    return state is not None and state.startswith("40")


def _response(status_code: int, answer: str) -> HttpResponse:
    if status_code == 204:
        response = HttpResponse(status=204)
        del response["Content-Type"]
        return response
    return HttpResponse(answer, status=status_code, content_type="text/xml; charset=utf-8")
