"""A few rows of each kind that the API shows, for tests that walk over all of its pages."""

from typing import Any

from calls.models import EventKind
from rest.views import Resource
from tests.agents.factories import ready_agent, team
from tests.calls.factories import make_call, make_event
from tests.conferences.factories import conference, customer
from tests.contacts.factories import contact
from tests.crm.factories import note
from tests.messaging.factories import make_received
from tests.outbound.factories import make_order
from tests.queues.factories import make_entry, make_queue
from tests.recordings.factories import make_mailbox, make_stored, make_transcript, make_voicemail
from tests.telephony.factories import phone_number


def populate() -> None:
    call = make_call()
    make_event(call, EventKind.PRESSED, 6, step="1", digits="1")
    make_call(parent=call, direction="outbound-dial", status="completed")
    ann = ready_agent("Ann", team=team("Sales"))
    make_entry(make_queue("Sales"))
    customer(conference())
    make_transcript(make_voicemail(make_mailbox("Front desk"), make_stored(call=call)), "Please call me.")
    contact("Carla", "+14155550123")
    make_received()
    make_order(agent=ann)
    note()
    phone_number()


def one_of(resource: type[Resource]) -> Any:
    """Give one row that the resource shows, by what its addresses name; None where there is none."""
    if resource.queryset is None:
        return None
    field = resource.lookup_field
    return resource.queryset.order_by("pk").values_list(field, flat=True).first()
