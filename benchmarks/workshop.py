"""The workshop's answers with flows of 5, 50 and 500 steps, and the counting of a day's callers.

Each is a request to the application with session, rights and rows. What the browser does besides is measured by its
own test: where the steps stand is found beside the page, in a worker.
"""

import os
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from agents import roles
from agents.models import User
from benchmarks.flows import document
from ivr.actions import counting
from ivr.models import Exit, Flow, FlowLanguage, Prompt, Step, StepPrompt, Version, Wording

SIZES = (5, 50, 500)
VISITS = int(os.environ.get("BENCH_VISITS", "100000"))
ROUNDS = 7
SAVE_LIMIT_MS = 300
DAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


def measure() -> None:
    call_command("migrate", verbosity=0)
    plain = settings.STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=plain):
        _measure()


def _measure() -> None:
    client = _editor()
    print("The workshop: milliseconds at the median, whole answers of the application")
    print(f"  {'steps':>7} {'page':>7} {'picture':>8} {'form':>7} {'save':>7} {'connect':>8} {'undo':>7}")
    for size in SIZES:
        flow = flow_of(size)
        took = _answers(client, flow)
        kept = "" if took["save"] <= SAVE_LIMIT_MS else f"  a save takes more than {SAVE_LIMIT_MS} ms"
        print(f"  {size:>7} " + " ".join(f"{took[name]:>7.0f}" for name in took) + kept)
    _count(flow)


def _editor() -> Client:
    person = User.objects.create(username="editor", is_staff=True)
    person.groups.add(Group.objects.get(name=roles.FLOW_EDITOR))
    client = Client()
    client.force_login(person)
    return client


def flow_of(steps: int) -> Flow:
    """Write the document of that many steps as the rows of a draft."""
    given = document(steps)
    flow = Flow.objects.create(name=given["flow"]["name"])
    for language, voice in given["languages"]:
        FlowLanguage.objects.create(flow=flow, language=language, voice=voice)
    prompts = {}
    for key, row in given["prompts"].items():
        prompts[key], is_new = Prompt.objects.get_or_create(name=row["name"])
        if is_new:
            for language, wording in row["wordings"].items():
                Wording.objects.create(prompt=prompts[key], language=language, text=wording["text"])
    made = dict(
        zip(
            given["steps"],
            Step.objects.bulk_create(
                Step(flow=flow, name=row["name"], kind=row["kind"], settings=row["settings"])
                for row in given["steps"].values()
            ),
            strict=True,
        )
    )
    for key, row in given["steps"].items():
        options = {option["exit"]: option for option in row["options"]}
        Exit.objects.bulk_create(
            Exit(
                step=made[key],
                name=name,
                target=made[target],
                is_option=name in options,
                keys=options.get(name, {}).get("keys", ""),
                words="\n".join(options.get(name, {}).get("words", [])),
            )
            for name, target in row["exits"].items()
        )
        StepPrompt.objects.bulk_create(
            StepPrompt(step=made[key], role=role, prompt=prompts[prompt]) for role, prompt in row["prompts"].items()
        )
    flow.first = made[given["first"]]
    flow.save()
    return flow


def _answers(client: Client, flow: Flow) -> dict[str, float]:
    def at(name: str, **query: Any) -> str:
        return reverse(f"admin:ivr_flow_{name}", args=[flow.pk]) + "".join(
            f"?{key}={one}" for key, one in query.items()
        )

    menu = flow.steps.filter(kind="menu").order_by("pk").first()
    assert menu is not None
    last = flow.steps.order_by("-pk").first()
    assert last is not None
    form = at("step", step=menu.pk)

    def connect() -> None:
        what = {"what": "connect", "step": menu.pk, "exit": "wrong_input"}
        client.post(at("edit"), what | {"to": last.pk})
        assert client.post(at("edit"), what | {"to": ""}).status_code == 200

    def undo() -> None:
        edit = flow.edits.filter(undone_at__isnull=True).order_by("-pk").values_list("pk", flat=True)[0]
        assert client.post(at("edit"), {"what": "undo", "edit": edit}).status_code == 200

    return {
        "page": _took(lambda: client.get(at("change"))),
        "picture": _took(lambda: client.get(at("picture"))),
        "form": _took(lambda: client.get(form)),
        "save": median(_saved(client, form, number) for number in range(ROUNDS)),
        "connect": _took(connect) / 2,
        "undo": _took(undo),
    }


def _saved(client: Client, form: str, number: int) -> float:
    """Change a menu in its form, and give the milliseconds of saving it."""
    sent = fields(client.get(form).content.decode()) | {"setting_timeout": str(number + 2)}
    began = time.perf_counter()
    answer = client.post(form, sent)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.content.decode()
    return took


def fields(page: str) -> dict[str, str]:
    """Read what a form would send from its page."""
    found: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]*>", re.sub(r"<template>.*?</template>", "", page, flags=re.DOTALL)):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if not name or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        found[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    for name, body in re.findall(r'<select name="([^"]+)"(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)"[^>]*selected', body)
        found[name] = chosen[1] if chosen else ""
    for name, body in re.findall(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.DOTALL):
        found[name] = body.strip()
    return {name: value for name, value in found.items() if "__prefix__" not in name}


def _took(doing: Callable[[], Any]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        doing()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def _count(flow: Flow) -> None:
    version = Version.objects.create(flow=flow, number=1, document={}, published_at=DAY)
    step = flow.first_id
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO calls_call (id, sid, account_sid, conversation, direction, from_number, to_number,"
            " forwarded_from, caller_name, status, answered_by, sip_response_code, started_at, heard_at)"
            " SELECT gen_random_uuid(), 'CA' || number, '', gen_random_uuid(), 'inbound', '', '', '', '', 'completed',"
            " '', '', %s, %s FROM generate_series(1, %s) AS number",
            [DAY, DAY, VISITS],
        )
        cursor.execute(
            "INSERT INTO ivr_visit (id, call_id, version_id, turn, position, answer, screened, began_at, ended_at,"
            " ending) SELECT gen_random_uuid(), id, %s, 1, jsonb_build_object('step', %s::text), '', '{}', %s, %s,"
            " CASE WHEN random() < 0.2 THEN 'caller hung up' ELSE 'completed' END FROM calls_call",
            [version.pk, str(step), DAY, DAY],
        )
        cursor.execute(
            "INSERT INTO calls_callevent (call_id, at, kind, data) SELECT call.id, %s, kind,"
            " jsonb_build_object('step', (%s + number %% 40)::text, 'exit', 'next')"
            " FROM calls_call AS call, generate_series(1, 6) AS number, unnest(ARRAY['entered', 'left']) AS kind",
            [DAY, step],
        )
        cursor.execute("ANALYZE")
    began = time.perf_counter()
    counting.count_day(DAY.date())
    took = time.perf_counter() - began
    print(f"  a day of {VISITS} callers with {12 * VISITS} entries of history is counted in {took:.1f} s\n")
