"""What the demo company says and does. Every kind of step is in use; the numbers are Twilio's for tests."""

from typing import Any

from ivr.demo import words

MAIN, SERVICE, CLOSED_LINE = "Main", "Service desk", "Closed line"
MAIN_NUMBER, SERVICE_NUMBER = "+15005550100", "+15005550101"
SALES, SHOP, WORKSHOP = "+15005550110", "+15005550111", "+15005550112"

LANGUAGES = (("en-US", "Polly.Joanna-Neural"), ("es-US", "Polly.Lupe-Neural"))

PHONES = (
    ("+15005550120", "Caller 1"),
    ("+15005550121", "Caller 2"),
    (SALES, "Sales desk"),
    (SHOP, "Shop floor"),
    (WORKSHOP, "Workshop"),
)

# Who is known of those who hold these telephones: name, number, id in the other system, and what is particular.
SYSTEM = "Workshop register"
CONTACTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("Caller 1", "+15005550120", "R-1001", {"is_vip": True, "priority": 10, "attributes": {"bicycle": "city bike"}}),
    ("Caller 2", "+15005550121", "R-1002", {"attributes": {"bicycle": "touring bike"}}),
)

MAILBOXES = (("Front desk", "front-desk@example.com"), ("Workshop", "workshop@example.com"))

LINES = (
    (
        "Main number",
        MAIN_NUMBER,
        MAIN,
        "We are having trouble with our telephones. Please call again in a few minutes.",
    ),
    (
        "Service number",
        SERVICE_NUMBER,
        SERVICE,
        "The service desk cannot be reached right now. Please call again later.",
    ),
    ("Former fax", "sip:fax@example.sip.twilio.com", CLOSED_LINE, "This line is closed."),
)

NEW_YEAR = "New year"  # what callers hear first on that holiday

PROMPTS = words.PROMPTS

CHIME = "Chime"  # a prompt that plays a sound in place of words

ROUND_THE_CLOCK, OFFICE = "Shop: round the clock", "Service desk: office hours"

# a server that whoever tries this out may run; while nobody does, callers hear nothing of their order
ORDERS, ORDERS_ADDRESS = "Orders", "http://127.0.0.1:9100/"
SALES_QUEUE, SERVICE_QUEUE, ROOM = "Sales", "Service", "Team room"
HOST_PIN, GUEST_PIN = "471147", "8155"

# What is heard while waiting, in turn: a kind and its prompt. Music without one is the house's own.
WAIT = (
    ("message", "You wait"),
    ("message", "Keys while waiting"),
    ("position", "Place in line"),
    ("music", ""),
    ("estimate", "Time to wait"),
    ("music", ""),
)
CALL_BACK = {
    "confirm": "Your number",
    "key_in": "Another number",
    "stored": "Call is stored",
    "present": "Call was stored",
    "wrong": "Not callable",
}

HOW_WAS_IT = """<Response>
  <Gather action="{next}" numDigits="1" timeout="5">
    <Say language="en-US">How was this call? Press 1 for very good, up to 5 for bad.</Say>
  </Gather>
</Response>"""

ASKING_AGAIN = {"no_input": "Not heard", "wrong": "Not understood"}

# Steps by flow, the first one first. An exit or an option names the step it leads to.
FLOWS: dict[str, dict[str, dict[str, Any]]] = {
    MAIN: {
        "Holiday?": {
            "kind": "hours",
            "schedule": ROUND_THE_CLOCK,
            "exits": {"open": "Chime", "closed": "Chime", "holiday": "Holiday"},
        },
        "Chime": {"kind": "message", "prompts": {"message": CHIME}, "exits": {"next": "Language"}},
        "Language": {
            "kind": "language",
            "prompts": {"greeting": "Language question"},
            "options": {
                "English": ("1", "English", "Main menu", "en-US"),
                "Spanish": ("2", "español\nSpanish", "Main menu", "es-US"),
            },
            "exits": {"no_choice": "Main menu"},
        },
        "Main menu": {
            "kind": "menu",
            "prompts": {"greeting": "Main menu", "confirm": "Did you mean", **ASKING_AGAIN},
            "options": {
                "Sales": ("1", "sales\nbuy\nventas\ncomprar", "May we record?", ""),
                "Service": ("2", "service\nsupport\nrepair\norder\nservicio\npedido", "Service menu", ""),
                "Address": ("3", "address\ndirección", "Long or short?", ""),
                "Conference": ("4", "conference\nconferencia", "Conference room", ""),
            },
            "exits": {"no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "Long or short?": {
            "kind": "share",
            "options": {
                "With the way": ("", "50 %", "Address", ""),
                "Only the address": ("", "50 %", "Address, in short", ""),
            },
        },
        "Address": {"kind": "message", "prompts": {"message": "Address"}, "exits": {"next": "Main menu"}},
        "Address, in short": {
            "kind": "message",
            "prompts": {"message": "Address, in short"},
            "exits": {"next": "Main menu"},
        },
        "May we record?": {
            "kind": "consent",
            "queue": SALES_QUEUE,
            "exits": {"agreed": "Sales", "refused": "Sales"},
        },
        "Sales": {
            "kind": "queue",
            "queue": SALES_QUEUE,
            "settings": {"longest": 1200},
            "wait": WAIT,
            "options": {
                "Leave a message": ("1", "", "Message to us", ""),
                "Call me back": ("2", "", "Call back", ""),
            },
            "exits": {
                "answered": "Goodbye",
                "timed_out": "Message to us",
                "full": "Message to us",
                "unstaffed": "Phones of sales",
            },
        },
        "Call back": {
            "kind": "call_back",
            "queue": SALES_QUEUE,
            "prompts": CALL_BACK,
            "exits": {"stored": "Goodbye", "refused": "Message to us", "failed": "Sales"},
        },
        "Phones of sales": {
            "kind": "ring",
            "settings": {"targets": [SALES, SHOP], "order": "in_turn", "seconds": 15, "screening": True},
            "prompts": {"whisper": "Accept the call"},
            "exits": {
                "answered": "Goodbye",
                "busy": "Message to us",
                "nobody": "Message to us",
                "failed": "Message to us",
            },
        },
        "Service menu": {
            "kind": "menu",
            "prompts": {"greeting": "Service menu", **ASKING_AGAIN},
            "options": {
                "Order": ("1", "order\npedido", "Order number", ""),
                "Repairs": ("2", "repair\nrepairs\nreparaciones", "To the service desk", ""),
                "Rental": ("3", "rent\nrental\nalquilar", "To the rental company", ""),
                "Back": ("*", "back\nvolver", "Main menu", ""),
            },
            "exits": {"no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "To the rental company": {
            "kind": "send_away",
            "settings": {"to": "document", "address": "https://rental.example.com/voice"},
            "exits": {"failed": "Message to us"},
        },
        "Order number": {
            "kind": "collect",
            "settings": {"variable": "order_number", "min_length": 6, "max_length": 6},
            "prompts": {"question": "Order number", **ASKING_AGAIN},
            "exits": {"collected": "Order look-up", "no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "Order look-up": {
            "kind": "look_up",
            "source": ORDERS,
            "settings": {"keep": ["status"], "decide": "stage", "send": ["order_number"], "seconds": 3},
            "prompts": {"message": "Order look-up"},
            "options": {"Unknown order": ("", "unknown", "Order noted", "")},
            "exits": {"found": "Order status", "default": "Order noted"},
        },
        "Order status": {
            "kind": "message",
            "prompts": {"message": "Order status"},
            "exits": {"next": "Order noted"},
        },
        "Order noted": {
            "kind": "message",
            "prompts": {"message": "Order noted"},
            "exits": {"next": "What it is about"},
        },
        "What it is about": {
            "kind": "set",
            "settings": {"values": ["topic = order {order_number} {status}"]},
            "exits": {"next": "To the service desk"},
        },
        "To the service desk": {"kind": "go_to", "to_flow": SERVICE, "exits": {"unavailable": "Message to us"}},
        "Conference room": {
            "kind": "conference_room",
            "room": ROOM,
            "prompts": {"pin": "PIN", "wrong": "Wrong PIN"},
            "exits": {"left": "Goodbye", "ended": "Goodbye", "wrong_pin": "Main menu", "full": "Main menu"},
        },
        "Holiday": {"kind": "message", "prompts": {"message": "Holiday"}, "exits": {"next": "Message to us"}},
        "Message to us": {
            "kind": "voicemail",
            "mailbox": "Front desk",
            "prompts": {"greeting": "Leave a message"},
            "exits": {"recorded": "Goodbye", "empty": "Goodbye"},
        },
        "Goodbye": {"kind": "hang_up", "prompts": {"goodbye": "Goodbye"}},
    },
    SERVICE: {
        "Office hours?": {
            "kind": "hours",
            "schedule": OFFICE,
            "exits": {"open": "Who calls?", "closed": "Closed", "holiday": "Holiday"},
        },
        "Who calls?": {
            "kind": "caller",
            "settings": {"decide": "bicycle"},
            "options": {"Touring bike": ("", "touring bike", "Service", "")},
            "exits": {"blocked": "Goodbye", "known": "Service", "unknown": "Service"},
        },
        "Service": {
            "kind": "queue",
            "queue": SERVICE_QUEUE,
            "settings": {"longest": 1200},
            "wait": WAIT,
            "options": {
                "Leave a message": ("1", "", "Message", ""),
                "Call me back": ("2", "", "Call back", ""),
            },
            "exits": {"answered": "Goodbye", "timed_out": "Message", "full": "Message", "unstaffed": "Weekend?"},
        },
        "Weekend?": {
            "kind": "branch",
            "settings": {"by": "time", "zone": "America/New_York"},
            "options": {"At the weekend": ("", "days: Saturday, Sunday", "Message", "")},
            "exits": {"otherwise": "Workshop"},
        },
        "Call back": {
            "kind": "call_back",
            "queue": SERVICE_QUEUE,
            "prompts": CALL_BACK,
            "exits": {"stored": "Goodbye", "refused": "Message", "failed": "Service"},
        },
        "Workshop": {
            "kind": "ring",
            "settings": {"targets": [WORKSHOP, SHOP], "order": "together", "seconds": 20},
            "exits": {"answered": "How was it?", "busy": "Message", "nobody": "Message", "failed": "Message"},
        },
        "How was it?": {
            "kind": "raw_twiml",
            "settings": {"keep": "rating", "twiml": HOW_WAS_IT},
            "options": {"Not good": ("", "4\n5", "Message", "")},
            "exits": {"next": "Goodbye"},
        },
        "Closed": {"kind": "message", "prompts": {"message": "Service closed"}, "exits": {"next": "Hours by text"}},
        "Hours by text": {
            "kind": "text",
            "queue": SERVICE_QUEUE,
            "prompts": {"text": "Hours by text"},
            "exits": {"sent": "Message", "not_possible": "Message"},
        },
        "Holiday": {"kind": "message", "prompts": {"message": "Holiday"}, "exits": {"next": "Message"}},
        "Message": {
            "kind": "voicemail",
            "mailbox": "Workshop",
            "prompts": {"greeting": "Leave a message"},
            "exits": {"recorded": "Goodbye", "empty": "Goodbye"},
        },
        "Goodbye": {"kind": "hang_up", "prompts": {"goodbye": "Goodbye"}},
    },
    CLOSED_LINE: {"Not in service": {"kind": "reject", "settings": {"reason": "rejected"}}},
}

DESCRIPTIONS = {
    MAIN: "What callers of the main number meet: a language choice, a menu, and people or a voicemail behind it.",
    SERVICE: "Repairs and orders. Reached by its own number, and from the main menu.",
    CLOSED_LINE: "Refuses calls without answering them.",
}

# ---- who takes calls

TEAMS = ("Sales", "Service")
SKILLS = ("Bicycles", "Repairs")
DISPOSITIONS = ("Question answered", "Order taken", "Repair agreed", "Will call again", "Wrong number")

# An agent's log-in, name and team, with levels of skills and the queues that the agent takes: 1 is asked before 2.
# Whoever tries the project logs in as the first, who takes everything.
AGENTS: dict[str, tuple[str, str, dict[str, int], dict[str, int]]] = {
    "agent": ("Agent One", "Sales", {"Bicycles": 8, "Repairs": 5}, {SALES_QUEUE: 1, SERVICE_QUEUE: 1}),
    "agent-2": ("Agent Two", "Sales", {"Bicycles": 6}, {SALES_QUEUE: 1}),
    "agent-3": ("Agent Three", "Service", {"Repairs": 9}, {SERVICE_QUEUE: 1}),
    "supervisor": ("Supervisor", "Service", {"Bicycles": 5, "Repairs": 7}, {SALES_QUEUE: 2, SERVICE_QUEUE: 2}),
}

# What is recorded of a queue's conversations: who is asked, and the texts by language.
POLICIES: dict[str, tuple[str, str, dict[str, str]]] = {
    "Sales conversations": (
        SALES_QUEUE,
        "ask-one",
        {
            "en-US": "May we record the conversation, to look up later what we agreed? Press 1 for yes, 2 for no.",
            "es-US": "¿Podemos grabar la conversación para consultar lo acordado? Oprima 1 para sí, 2 para no.",
        },
    ),
    "Service conversations": (
        SERVICE_QUEUE,
        "announce",
        {
            "en-US": "This conversation is recorded, so that we repair what you told us.",
            "es-US": "Esta conversación se graba para reparar lo que usted nos indique.",
        },
    ),
}

# A queue's team, and the skill that it asks for with its level, less of it after so many seconds of waiting.
QUEUES = {
    SALES_QUEUE: ("Sales", ("Bicycles", 5, 120, 0)),
    SERVICE_QUEUE: ("Service", ("Repairs", 5, 120, 0)),
}

# what somebody may text, and what is answered
WORD = ("HOURS", "We are here from Monday to Friday, 9 to 18.")
