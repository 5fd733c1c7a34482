"""The demo company's flows as files."""

import pytest

from ivr.demo.load import load
from ivr.files import exporting, portable
from ivr.models import Flow, Version
from queues.models import Queue
from tests.ivr.rows import AT, publish, queue_flow, simple_flow

pytestmark = pytest.mark.django_db


def test_the_demo_company_goes_into_files_and_out_of_them():
    load(at=AT, people=False)

    for flow in Flow.objects.all():
        file = exporting.draft(flow)
        assert portable.read(file).name == flow.name
        assert file == exporting.version(Version.objects.select_related("flow").get(pk=flow.published_id))


def test_a_file_names_queues_and_sounds():
    load(at=AT, people=False)

    file = exporting.draft(Flow.objects.get(name="Main"))

    assert file["steps"]["Sales"]["queue"] == "Sales"
    assert file["steps"]["To the service desk"]["to_flow"] == "Service desk"
    assert file["prompts"]["Chime"]["en-US"]["audio"]["name"] == "Chime"


def test_it_costs_as_many_queries_for_many_steps_as_for_one(django_assert_max_num_queries):
    load(at=AT, people=False)
    flow = Flow.objects.get(name="Main")

    with django_assert_max_num_queries(14):
        exporting.draft(flow)


def test_an_old_version_is_written_without_what_is_gone():
    queue = Queue.objects.create(name="Sales")
    flow = publish(queue_flow("Main", queue))
    old = Version.objects.select_related("flow").get(flow=flow)
    flow.steps.filter(name="Line").update(queue=Queue.objects.create(name="Service"))
    publish(flow)
    queue.delete()

    assert "queue" not in exporting.version(old)["steps"]["Line"]


def test_a_flow_without_steps_has_a_file_too():
    flow = simple_flow()
    flow.first = None
    flow.save()
    flow.steps.filter(name="Greeting").delete()
    flow.steps.all().delete()

    assert portable.read(exporting.draft(flow)).document.first == ""
