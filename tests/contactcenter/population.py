"""A few rows of each kind that the API shows, for tests that walk over all of its pages."""

from datetime import timedelta
from typing import Any

from calls.models import EventKind
from compliance.models import Hold
from conferences.room import Role
from ivr.actions.releasing import propose
from ivr.actions.sounds import keep
from queues.models import Handling
from rest.views import Resource
from tests.agents.factories import ready_agent, team
from tests.calls.factories import AT, make_call, make_event
from tests.compliance.rows import policy
from tests.conferences.factories import conference, customer, person
from tests.contacts.factories import contact
from tests.crm.factories import note
from tests.ivr.hours.rows import closure, office
from tests.ivr.rows import line as line_of
from tests.ivr.rows import publish, simple_flow
from tests.ivr.sounds import tone
from tests.messaging.factories import make_media, make_received
from tests.outbound.factories import make_order
from tests.queues.factories import make_entry, make_queue
from tests.queues.rows import ask, line
from tests.recordings.factories import make_mailbox, make_stored, make_transcript, make_voicemail
from tests.recordings.recorders import recorder
from tests.telephony.factories import phone_number


def populate() -> None:
    call = make_call()
    make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
    make_call(parent=call, direction="outbound-dial", status="completed")
    ann = ready_agent("Ann", team=team("Sales"))
    sales = make_queue("Sales")
    make_entry(sales)
    talk = conference()
    customer(talk)
    person(talk, Role.OWNER, agent=ann)
    recorder(talk.customer, policy(), conference=talk)
    entry = make_entry(sales, conference=talk, state="talking")
    Handling.objects.create(entry=entry, agent=ann, conference=talk, began_at=AT)
    ask(line(name="Anytime"))
    closure(office())
    flow = publish(simple_flow())
    line_of("Main number", "+15005550100", flow)
    propose(flow, by=ann.user, note="Later.", at=AT, publish_at=AT + timedelta(days=1))
    keep(tone(), name="Chime", at=AT)
    Hold.objects.create(name="A case", reason="A letter.", call=call, review_at=AT.date(), owner=ann.user,
                        placed_by=ann.user, placed_at=AT)  # fmt: skip
    make_transcript(make_voicemail(make_mailbox("Front desk"), make_stored(call=call)), "Please call me.")
    contact("Carla", "+14155550123")
    make_media(make_received())
    make_order(agent=ann)
    note()
    phone_number()


def one_of(resource: type[Resource]) -> Any:
    """Give one row that the resource shows, by what its addresses name; None where there is none."""
    if resource.queryset is None:
        return None
    field = resource.lookup_field
    return resource.queryset.order_by("pk").values_list(field, flat=True).first()
