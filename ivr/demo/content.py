"""What the demo company says and does. Every kind of step is in use; the numbers are Twilio's for tests."""

from typing import Any

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

# English and Spanish of each prompt. A wording may hold SSML.
PROMPTS = {
    "Language question": (
        "Welcome to Example Bikes. For English, press 1 or say English.",
        "Para español, oprima 2 o diga español.",
    ),
    "Main menu": (
        "How can we help? <break time='300ms'/> For sales, press 1. For service, press 2. For our address, press 3.",
        "¿Cómo podemos ayudarle? <break time='300ms'/> Ventas, oprima 1. Servicio, oprima 2. Dirección, oprima 3.",
    ),
    "Not heard": ("Sorry, I did not hear anything.", "Disculpe, no escuché nada."),
    "Not understood": ("Sorry, that is not one of the choices.", "Disculpe, esa no es una de las opciones."),
    "Did you mean": (
        "Did you say {word}? Press 1 or say yes.",
        "¿Dijo {word}? Oprima 1 o diga sí.",
    ),
    "Address": (
        "You find us at 12 Harbor Street, next to the station.",
        "Nos encuentra en la calle Harbor número 12, junto a la estación.",
    ),
    "Service menu": (
        "For an order that you placed, press 1. For repairs, press 2. To go back, press star.",
        "Para un pedido que ya hizo, oprima 1. Para reparaciones, oprima 2. Para volver, oprima asterisco.",
    ),
    "Order number": (
        "Please enter your six digit order number.",
        "Por favor marque su número de pedido de seis dígitos.",
    ),
    "Order noted": (
        "Thank you. We connect you with somebody who can look into it.",
        "Gracias. Le comunicamos con alguien que puede revisarlo.",
    ),
    "Accept the call": (
        "A call for Example Bikes. Press 1 to take it.",
        "Una llamada para Example Bikes. Oprima 1 para atenderla.",
    ),
    "Leave a message": (
        "Nobody can take your call right now. Please leave a message after the tone, then press the pound key.",
        "Nadie puede atender su llamada. Deje un mensaje después del tono y luego oprima la tecla numeral.",
    ),
    "Holiday": (
        "Today is a holiday and our shop is closed.",
        "Hoy es día feriado y nuestra tienda está cerrada.",
    ),
    "Service closed": (
        "The service desk is open Monday to Friday, nine to six.",
        "El servicio atiende de lunes a viernes, de nueve a seis.",
    ),
    "Goodbye": ("Thank you for calling. Goodbye.", "Gracias por llamar. Hasta luego."),
}

CHIME = "Chime"  # a prompt that plays a sound in place of words

ROUND_THE_CLOCK, OFFICE = "Shop: round the clock", "Service desk: office hours"

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
                "Sales": ("1", "sales\nbuy\nventas\ncomprar", "Sales", ""),
                "Service": ("2", "service\nsupport\nrepair\norder\nservicio\npedido", "Service menu", ""),
                "Address": ("3", "address\ndirección", "Address", ""),
            },
            "exits": {"no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "Address": {"kind": "message", "prompts": {"message": "Address"}, "exits": {"next": "Main menu"}},
        "Sales": {
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
                "Back": ("*", "back\nvolver", "Main menu", ""),
            },
            "exits": {"no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "Order number": {
            "kind": "collect",
            "settings": {"variable": "order_number", "min_length": 6, "max_length": 6},
            "prompts": {"question": "Order number", **ASKING_AGAIN},
            "exits": {"collected": "Order noted", "no_input": "Message to us", "wrong_input": "Message to us"},
        },
        "Order noted": {
            "kind": "message",
            "prompts": {"message": "Order noted"},
            "exits": {"next": "To the service desk"},
        },
        "To the service desk": {"kind": "go_to", "to_flow": SERVICE, "exits": {"unavailable": "Message to us"}},
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
            "exits": {"open": "Workshop", "closed": "Closed", "holiday": "Holiday"},
        },
        "Workshop": {
            "kind": "ring",
            "settings": {"targets": [WORKSHOP, SHOP], "order": "together", "seconds": 20},
            "exits": {"answered": "Goodbye", "busy": "Message", "nobody": "Message", "failed": "Message"},
        },
        "Closed": {"kind": "message", "prompts": {"message": "Service closed"}, "exits": {"next": "Message"}},
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
