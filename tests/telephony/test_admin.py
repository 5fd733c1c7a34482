from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from kombu.exceptions import OperationalError

from agents.models import User
from telephony import callbacks
from telephony.models import PhoneNumber
from tests.telephony.adapter import reached
from tests.telephony.factories import AT, delivery, phone_number
from tests.telephony.signing import sid

pytestmark = pytest.mark.django_db

NUMBERS = "admin:telephony_phonenumber_changelist"
DELIVERIES = "admin:telephony_delivery_changelist"


@pytest.fixture
def person(client):
    """Log somebody in who may do just what is named."""

    def log_in(*permissions):
        user = User.objects.create_user("pat", password="x", is_staff=True)
        for permission in permissions:
            app, codename = permission.split(".")
            user.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def administrator(person):
    return person("telephony.view_phonenumber", "telephony.change_phonenumber", "telephony.view_delivery")


@dataclass
class Nothing:
    """What a Twilio answers that knows nothing."""

    status: int = 404
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


@pytest.fixture
def asked():
    """Note what Twilio is asked for."""

    class Ear:
        def rest(self, method, path, query, form, authorization):
            requests.append(f"{method} {path.rpartition('/')[2]}")
            return Nothing()

    requests: list[str] = []
    with reached(Ear()):
        yield requests


def test_the_list_says_where_numbers_lead(administrator):
    phone_number(
        "+14155550100",
        voice_url=callbacks.document("voice-inbound"),
        voice_fallback_url="https://demo.example.com/",
        status_callback="",
    )

    page = administrator.get(reverse(NUMBERS)).content.decode()

    assert "+1 415-555-0100" in page
    for word in ("here", "elsewhere", "nowhere"):
        assert f">{word}<" in "".join(page.split())


def test_a_number_in_a_trunk_leads_elsewhere(administrator):
    number = phone_number(voice_url=callbacks.document("voice-inbound"), trunk_sid="TK1")

    page = administrator.get(reverse("admin:telephony_phonenumber_change", args=[number.pk])).content.decode()

    assert "trunk TK1: Twilio ignores all of the above" in page


def test_numbers_cannot_be_edited_added_or_deleted(administrator):
    number = phone_number()

    administrator.post(reverse("admin:telephony_phonenumber_change", args=[number.pk]), {"number": "+1999"})

    assert PhoneNumber.objects.get().number == "+14155550100"
    assert administrator.get(reverse("admin:telephony_phonenumber_add")).status_code == 403
    assert administrator.get(reverse("admin:telephony_phonenumber_delete", args=[number.pk])).status_code == 403


def test_synchronizing_is_asked_for_by_a_button_that_posts(administrator, asked):
    address = reverse("admin:telephony_phonenumber_synchronize")

    shown = administrator.get(address)
    assert shown.status_code == 200
    assert asked == []

    done = administrator.post(address, {"_form_submitted": "on"})
    assert done["HX-Redirect"] == reverse(NUMBERS)
    assert asked == ["GET IncomingPhoneNumbers.json"]


def test_one_number_is_pointed_here_from_its_page(administrator, asked):
    number = phone_number()

    done = administrator.post(
        reverse("admin:telephony_phonenumber_point_here", args=[number.pk]), {"_form_submitted": "on"}
    )

    assert done["HX-Redirect"] == reverse("admin:telephony_phonenumber_change", args=[number.pk])
    assert asked == [f"POST {number.sid}.json"]


def test_many_numbers_are_pointed_here_from_the_list(administrator, asked):
    first, second, _third = [phone_number(f"+1415555010{index}") for index in range(3)]

    administrator.post(reverse(NUMBERS), {"action": "point_selected_here", "_selected_action": [first.pk, second.pk]})

    assert sorted(asked) == sorted([f"POST {first.sid}.json", f"POST {second.sid}.json"])


def test_who_may_only_look_cannot_point_anything(person, asked):
    viewer = person("telephony.view_phonenumber")
    number = phone_number()

    answers = [
        viewer.post(reverse("admin:telephony_phonenumber_synchronize"), {"_form_submitted": "on"}),
        viewer.post(reverse("admin:telephony_phonenumber_point_here", args=[number.pk]), {"_form_submitted": "on"}),
    ]
    viewer.post(reverse(NUMBERS), {"action": "point_selected_here", "_selected_action": [number.pk]})

    assert [answer.status_code for answer in answers] == [403, 403]
    assert asked == []


def test_a_broker_that_is_away_is_told(administrator, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("celery.app.task.Task.delay", refuse)

    administrator.post(reverse("admin:telephony_phonenumber_synchronize"), {"_form_submitted": "on"})

    assert "broker does not answer" in administrator.get(reverse(NUMBERS)).content.decode()


def test_deliveries_are_listed_and_found(administrator):
    call = sid()
    delivery(call_sid=call, path="/voice/inbound")
    delivery(path="/webhooks/recording", state="failed", error="Boom")

    def paths(query=""):
        return [row.path for row in administrator.get(reverse(DELIVERIES) + query).context["cl"].result_list]

    assert len(paths()) == 2
    assert paths(f"?q={call}") == ["/voice/inbound"]
    assert paths("?q=/webhooks") == ["/webhooks/recording"]
    assert paths("?state__exact=failed") == ["/webhooks/recording"]
    assert paths("?page=/voice/inbound") == ["/voice/inbound"]


def test_the_list_of_deliveries_costs_the_same_for_one_and_for_many(administrator, django_assert_max_num_queries):
    for _ in range(30):
        delivery()

    with django_assert_max_num_queries(8):
        administrator.get(reverse(DELIVERIES))


@pytest.mark.parametrize("may", [True, False])
def test_callers_numbers_in_a_delivery_are_shown_to_those_who_may_see_them(person, may):
    permissions = ["telephony.view_delivery", *(["calls.view_numbers"] if may else [])]
    kept = delivery(form={"From": "+14155551234"}, answer="<Dial>+14155551234</Dial>", error="no +14155551234")

    page = person(*permissions).get(reverse("admin:telephony_delivery_change", args=[kept.pk])).content.decode()

    assert ("+14155551234" in page) == may
    assert ("+1415****234" in page) == (not may)


def test_a_delivery_is_shown_whole(administrator):
    kept = delivery(state="failed", error="Traceback: <Boom>", form={"CallStatus": "ringing"}, received_at=AT)

    page = administrator.get(reverse("admin:telephony_delivery_change", args=[kept.pk])).content.decode()

    assert "Traceback: &lt;Boom&gt;" in page
    assert "ringing" in page
