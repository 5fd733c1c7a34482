import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from calls.models import CallEvent, EventKind
from conferences.models import Announcement, Conference, Participant, Supervision
from conferences.room import Mode, Role
from tests.crm.asking import Asking
from tests.dashboard.board.company import Company

pytestmark = pytest.mark.django_db

ALL = ("conferences:read", "conferences:write")


@pytest.fixture
def company() -> Company:
    return Company(timezone.now())


def people(told) -> list[str]:
    return [one["agent"]["name"] if one["agent"] else one["role"] for one in told["participants"]]


def ids(answer) -> list[str]:
    return [item["id"] for item in answer.json()["items"]]


def turns(talk: Conference) -> list[dict]:
    return list(CallEvent.objects.filter(call=talk.customer, kind=EventKind.TURNED).values_list("data", flat=True))


# ---- reading


def test_a_conversation_is_told_with_who_is_in_it_and_what_is_possible(company):
    talk = company.talks(company.ann, queue=company.orders)

    told = Asking(*ALL, owner=company.supervisor).get(f"/conferences/{talk.pk}").json()

    assert (told["phase"], told["call"], told["subject"]) == ("talking", str(talk.customer_id), "Orders")
    assert told["conversation"] == str(talk.conversation)
    assert people(told) == ["Ann", "customer"]
    assert told["owner"] == told["participants"][0]["id"]
    assert told["possible"] == ["add", "consult", "hand-over", "hang-up", "hold", "send-away"]


def test_supervisors_see_their_teams_and_agents_their_own(company):
    mine, other = company.talks(company.ann, queue=company.orders), company.talks(company.cy, queue=company.repairs)

    assert ids(Asking(*ALL, owner=company.supervisor).get("/conferences")) == [str(mine.pk)]
    assert ids(Asking(*ALL, owner=company.other).get("/conferences")) == [str(other.pk)]
    assert ids(Asking(*ALL, owner=company.ann.user).get("/conferences")) == [str(mine.pk)]
    assert ids(Asking(*ALL, owner=company.bob.user).get("/conferences")) == []
    assert len(ids(Asking(*ALL).get("/conferences"))) == 2


def test_conversations_are_found_by_agent_queue_call_and_whether_they_go_on(company):
    talk = company.talks(company.ann, queue=company.orders)
    over = company.talks(company.cy, queue=company.repairs, phase="closed", conversation=talk.pk)
    asker = Asking(*ALL)

    for parameters in (
        {"agent": str(company.ann.pk)},
        {"queue": company.orders.pk},
        {"call": str(talk.customer_id)},
        {"live": "true"},
    ):
        assert ids(asker.get("/conferences", parameters)) == [str(talk.pk)]
    assert ids(asker.get("/conferences", {"live": "false"})) == [str(over.pk)]
    assert ids(asker.get("/conferences", {"conversation": str(talk.pk)})) == [str(over.pk)]
    assert ids(asker.get("/conferences", {"help_wanted": "true"})) == []


def test_agents_are_not_told_of_who_listens_in_secret(company):
    talk = company.talks(company.ann, queue=company.orders)
    listener = company.joins(talk, Role.SUPERVISOR, company.seat, "client:y", mode=Mode.LISTEN)
    asker = Asking(*ALL, owner=company.ann.user)

    secret = people(asker.get(f"/conferences/{talk.pk}").json())
    listed = ids(asker.get("/participants", {"conference": str(talk.pk)}))
    Supervision.objects.create(participant=listener, by=company.supervisor, mode="listen", told=True, at=company.at)
    told = people(asker.get(f"/conferences/{talk.pk}").json())

    assert secret == ["Ann", "customer"]
    assert str(listener.pk) not in listed
    assert told == ["Ann", "customer", "Sue"]
    assert people(Asking(*ALL, owner=company.supervisor).get(f"/conferences/{talk.pk}").json()) == told


def test_a_list_costs_as_many_queries_for_many_as_for_one(company):
    asker = Asking(*ALL, owner=company.supervisor)

    def queries() -> int:
        asker.get("/conferences")  # the first request of a key notes that it is used
        with CaptureQueriesContext(connection) as captured:
            asker.get("/conferences")
        return len(captured)

    company.talks(company.ann, queue=company.orders)
    one = queries()
    for _number in range(3):
        company.talks(company.cy, queue=company.orders, phase="closed").participants.update(state="left")

    assert queries() == one


# ---- what agents press


def test_an_agent_holds_the_own_caller(company):
    talk = company.talks(company.ann)

    answer = Asking(*ALL, owner=company.ann.user).post(f"/conferences/{talk.pk}/press", {"what": "hold"})

    assert (answer.status_code, answer.json()["held"]) == (202, True)
    assert "unhold" in answer.json()["possible"]
    assert turns(talk) == [{"what": "hold", "who": "Ann"}]


def test_what_is_not_possible_any_more_is_a_conflict_that_says_where_to_look(company):
    talk = company.talks(company.ann)

    answer = Asking(*ALL, owner=company.ann.user).post(f"/conferences/{talk.pk}/press", {"what": "merge"})

    assert answer.status_code == 409
    assert "possible" in answer.json()["detail"]


def test_a_supervisors_key_presses_for_an_agent_and_the_history_tells(company):
    talk = company.talks(company.ann, queue=company.orders)
    asker = Asking(*ALL, owner=company.supervisor)

    answer = asker.post(f"/conferences/{talk.pk}/press", {"what": "hold", "agent": str(company.ann.pk)})

    assert answer.status_code == 202
    assert turns(talk) == [{"what": "hold", "who": "Ann", "by": company.supervisor.username}]


def test_an_agent_presses_for_nobody_else(company):
    talk = company.talks(company.ann)
    company.joins(talk, Role.GUEST, company.bob, "client:b")
    asker = Asking(*ALL, owner=company.bob.user)

    answer = asker.post(f"/conferences/{talk.pk}/press", {"what": "hold", "agent": str(company.ann.pk)})

    assert answer.status_code == 403
    assert turns(talk) == []


def test_who_is_no_agent_names_one(company):
    talk = company.talks(company.ann)

    answer = Asking(*ALL).post(f"/conferences/{talk.pk}/press", {"what": "hold"})

    assert [fault["field"] for fault in answer.json()["errors"]] == ["agent"]


def test_a_number_is_asked_into_the_talk(company):
    talk = company.talks(company.ann)

    answer = Asking(*ALL, owner=company.ann.user).post(
        "/participants", {"conference": str(talk.pk), "number": "+14155550177"}
    )

    assert answer.status_code == 202
    told = answer.json()
    assert (told["role"], told["state"], told["address"]) == ("guest", "wanted", "+14155550177")
    assert Participant.objects.get(pk=told["id"]).screening


def test_a_colleague_is_asked_for_advice(company):
    talk = company.talks(company.ann)
    asker = Asking(*ALL, owner=company.ann.user)

    answer = asker.post(
        "/participants", {"conference": str(talk.pk), "colleague": str(company.cy.pk), "why": "consult"}
    )

    assert (answer.json()["role"], answer.json()["agent"]["name"]) == ("target", "Cy")
    assert Conference.objects.get(pk=talk.pk).phase == "consulting"


def test_a_colleague_on_another_call_is_a_conflict(company):
    talk = company.talks(company.ann)
    company.talks(company.cy)

    answer = Asking(*ALL, owner=company.ann.user).post(
        "/participants", {"conference": str(talk.pk), "colleague": str(company.cy.pk)}
    )

    assert answer.status_code == 409
    assert "on a call" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "colleague"),
        ({"number": "+14155550177", "sip": "sip:a@b.example"}, "colleague"),
        ({"number": "12"}, "number"),
        ({"sip": "a@b"}, "sip"),
        ({"colleague": "6a6f6f1e-0000-4000-8000-000000000000"}, "colleague"),
    ],
)
def test_whom_to_ask_in_is_named_once(company, body, field):
    talk = company.talks(company.ann)

    answer = Asking(*ALL, owner=company.ann.user).post("/participants", {"conference": str(talk.pk)} | body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, field)


def test_an_agent_mutes_and_unmutes_the_own_leg(company):
    talk = company.talks(company.ann)
    leg = talk.participants.get(agent=company.ann)
    asker = Asking(*ALL, owner=company.ann.user)

    assert asker.post(f"/participants/{leg.pk}/mute", {"muted": True}).status_code == 202
    leg.refresh_from_db()
    assert leg.silenced
    asker.post(f"/participants/{leg.pk}/mute", {"muted": False})
    leg.refresh_from_db()
    assert not leg.silenced


def test_keys_are_sent_to_the_far_end(company):
    talk = company.talks(company.ann)
    customer = talk.participants.get(role=Role.CUSTOMER)

    answer = Asking(*ALL, owner=company.ann.user).post(f"/participants/{customer.pk}/digits", {"digits": "12#"})

    assert answer.status_code == 202
    assert Announcement.objects.get().digits == "12#"


def test_an_agent_calls_for_help_and_a_supervisor_answers(company):
    talk = company.talks(company.ann, queue=company.orders)

    asked = Asking(*ALL, owner=company.ann.user).post(f"/conferences/{talk.pk}/ask-help", {})
    answered = Asking(*ALL, owner=company.supervisor).post(f"/conferences/{talk.pk}/answer-help")

    assert asked.json()["help_asked_at"] is not None
    assert answered.json()["help_asked_at"] is None


# ---- what supervisors do


def test_a_supervisor_comes_in_and_goes_on_another_way(company):
    talk = company.talks(company.ann, queue=company.orders)
    asker = Asking(*ALL, owner=company.supervisor)

    rung = asker.post(f"/conferences/{talk.pk}/supervise", {"mode": "listen"})
    coach = asker.post(f"/conferences/{talk.pk}/supervise", {"mode": "coach"})

    assert rung.status_code == 202
    assert [one["mode"] for one in rung.json()["participants"] if one["role"] == "supervisor"] == ["listen"]
    assert [one["mode"] for one in coach.json()["participants"] if one["role"] == "supervisor"] == ["coach"]


def test_a_supervisor_takes_over_and_another_leaves(company):
    talk = company.talks(company.ann, queue=company.orders)
    company.joins(talk, Role.SUPERVISOR, company.seat, "client:y", mode=Mode.BARGE)
    asker = Asking(*ALL, owner=company.supervisor)

    taken = asker.post(f"/conferences/{talk.pk}/take-over").json()
    left = asker.post(f"/conferences/{talk.pk}/stop-supervising")

    owner = next(one for one in taken["participants"] if one["id"] == taken["owner"])
    assert owner["agent"]["name"] == "Sue"
    assert left.status_code == 409


def test_a_text_is_announced_to_everybody(company):
    talk = company.talks(company.ann, queue=company.orders)

    answer = Asking(*ALL, owner=company.supervisor).post(f"/conferences/{talk.pk}/announce", {"text": "Two minutes."})

    assert answer.status_code == 202
    assert (Announcement.objects.get().text, Announcement.objects.get().by) == ("Two minutes.", company.supervisor)


def test_a_guest_is_sent_out_by_the_owner_and_by_a_supervisor(company):
    talk = company.talks(company.ann, queue=company.orders)
    for asker in (Asking(*ALL, owner=company.ann.user), Asking(*ALL, owner=company.supervisor)):
        guest = company.joins(talk, Role.GUEST, None, "+14155550177")

        assert asker.delete(f"/participants/{guest.pk}").status_code == 204
        guest.refresh_from_db()
        assert not guest.wants_in


def test_the_customer_is_not_sent_out(company):
    talk = company.talks(company.ann, queue=company.orders)
    customer = talk.participants.get(role=Role.CUSTOMER)

    assert Asking(*ALL, owner=company.supervisor).delete(f"/participants/{customer.pk}").status_code == 409


def test_a_supervisor_ends_a_conversation_of_the_team_alone(company):
    mine, other = company.talks(company.ann, queue=company.orders), company.talks(company.cy, queue=company.repairs)
    asker = Asking(*ALL, owner=company.supervisor)

    assert asker.post(f"/conferences/{mine.pk}/end").json()["phase"] == "closed"
    assert asker.post(f"/conferences/{other.pk}/end").status_code == 404


def test_an_agent_does_nothing_of_what_supervisors_do(company):
    talk = company.talks(company.ann)
    asker = Asking(*ALL, owner=company.ann.user)

    for what, body in (("supervise", {"mode": "listen"}), ("announce", {"text": "Hello."}), ("end", None)):
        assert asker.post(f"/conferences/{talk.pk}/{what}", body).status_code == 403
