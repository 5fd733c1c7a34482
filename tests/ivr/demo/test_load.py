"""The demo company: complete, published, loaded once, and never over anybody's work."""

from datetime import UTC, datetime

import pytest

from agents import roles
from agents.models import User
from ivr import actions, documents
from ivr.demo import content, load
from ivr.drafting.drafts import compile_draft
from ivr.hours import outlook
from ivr.hours.timetables import timetables
from ivr.kinds import KINDS
from ivr.models import Audio, Flow, Line, Prompt, Schedule, Step, Version
from recordings.models import Mailbox

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 15, tzinfo=UTC)
MODELS = (Audio, Flow, Line, Prompt, Schedule, Step, Version, Mailbox, User)


def test_every_kind_of_step_is_in_use_in_a_published_flow():
    load.load(at=AT)

    published = [documents.frozen(flow.published_id) for flow in Flow.objects.all()]
    assert {step.KIND for document in published for step in document.steps.values()} == KINDS.keys()


def test_no_flow_has_a_problem_not_even_a_small_one():
    load.load(at=AT)

    for flow in Flow.objects.all():
        assert actions.check(compile_draft(flow), at=AT) == ()


def test_two_numbers_lead_to_flows():
    load.load(at=AT)

    numbers = Line.objects.filter(address__startswith="+").order_by("address")
    assert [(line.address, line.flow.published is not None) for line in numbers] == [
        ("+15005550100", True),
        ("+15005550101", True),
    ]


def weeks_now():
    read = timetables(list(Schedule.objects.values_list("pk", flat=True)), since=AT)
    return {key: (table.name, table.week) for key, table in read.items()}


@pytest.mark.parametrize("hour", range(0, 24, 3))
def test_the_main_number_reaches_its_menu_at_any_time_of_day(hour):
    load.load(at=AT)
    version = Flow.objects.get(name=content.MAIN).published_id
    weeks = weeks_now()

    answer = outlook.answer(documents.frozen(version), weeks, AT.replace(hour=hour))

    assert answer.endswith("then menu “Main menu”")


def test_there_is_a_holiday():
    load.load(at=AT)
    version = Flow.objects.get(name=content.MAIN).published_id
    weeks = weeks_now()

    answer = outlook.answer(documents.frozen(version), weeks, datetime(2027, 1, 1, 15, tzinfo=UTC))

    assert answer.startswith("Closed for New Year's Day")


def test_loading_it_twice_changes_nothing():
    first = load.load(at=AT)
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]

    second = load.load(at=AT)

    assert (first, second) == (True, False)
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_what_people_changed_or_deleted_stays_so():
    load.load(at=AT)
    Flow.objects.filter(name=content.MAIN).update(name="Front door")
    Line.objects.filter(address="+15005550101").delete()

    load.load(at=AT)

    assert not Flow.objects.filter(name=content.MAIN).exists()
    assert not Line.objects.filter(address="+15005550101").exists()


def test_there_is_a_log_in_for_each_role():
    load.load(at=AT)

    for role in roles.ROLES:
        user = User.objects.get(username=load.username(role))
        assert user.is_staff
        assert not user.is_superuser
        assert user.check_password(load.PASSWORD)
        assert [group.name for group in user.groups.all()] == [role]


def test_an_account_that_exists_keeps_its_password():
    User.objects.create_user("administrator", password="chosen-by-a-person")

    load.load(at=AT)

    assert User.objects.get(username="administrator").check_password("chosen-by-a-person")


def test_the_demo_comes_without_log_ins_where_none_are_wanted():
    load.load(at=AT, people=False)

    assert not User.objects.exists()
    assert Flow.objects.exists()
