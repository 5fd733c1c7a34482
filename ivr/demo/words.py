"""What callers of the demo company hear, in English and Spanish."""

# A wording may hold SSML.
PROMPTS = {
    "Language question": (
        "Welcome to Example Bikes. For English, press 1 or say English.",
        "Para español, oprima 2 o diga español.",
    ),
    "Main menu": (
        "How can we help? <break time='300ms'/> For sales, press 1. For service, 2. For our address, 3. To meet, 4.",
        "¿Cómo podemos ayudarle? <break time='300ms'/> Ventas, oprima 1. Servicio, 2. Dirección, 3. Reuniones, 4.",
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
    "Address, in short": (
        "You find us at 12 Harbor Street.",
        "Nos encuentra en la calle Harbor número 12.",
    ),
    "Service menu": (
        "For an order that you placed, press 1. For repairs, press 2. To rent one, press 3. To go back, press star.",
        "Para un pedido ya hecho, oprima 1. Para reparaciones, 2. Para alquilar, 3. Para volver, oprima asterisco.",
    ),
    "Order number": (
        "Please enter your six digit order number.",
        "Por favor marque su número de pedido de seis dígitos.",
    ),
    "Order look-up": (
        "One moment, we look at your order.",
        "Un momento, revisamos su pedido.",
    ),
    "Order status": (
        "Your order is {status}.",
        "Su pedido está {status}.",
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
    "New year": ("A happy new year!", "¡Feliz año nuevo!"),
    "Service closed": (
        "The service desk is open Monday to Friday, nine to six.",
        "El servicio atiende de lunes a viernes, de nueve a seis.",
    ),
    "Hours by text": (
        "Our service desk is open Monday to Friday, 9 to 18. Reply HOURS to see this again.",
        "Nuestro servicio atiende de lunes a viernes, de 9 a 18. Responda HOURS para verlo otra vez.",
    ),
    "You wait": (
        "All of us are talking to somebody. You keep your place in line.",
        "En este momento todos estamos atendiendo. Usted conserva su lugar.",
    ),
    "Keys while waiting": (
        "To leave a message, press 1. To be called back without losing your place, press 2.",
        "Para dejar un mensaje, oprima 1. Para que le llamemos sin perder su lugar, oprima 2.",
    ),
    "Place in line": ("You are number {position} in line.", "Usted es el número {position} en la fila."),
    "Time to wait": (
        "You will talk to somebody in {low} to {high} minutes.",
        "Le atenderemos en {low} a {high} minutos.",
    ),
    "Your number": (
        "We call you at {number}. If that is right, press 1. For another number, press 2.",
        "Le llamamos al {number}. Si es correcto, oprima 1. Para otro número, oprima 2.",
    ),
    "Another number": (
        "Please enter the number that we shall call, then press the pound key.",
        "Marque el número al que debemos llamar y oprima la tecla numeral.",
    ),
    "Call is stored": (
        "Thank you. You keep your place, and we call you when it is your turn.",
        "Gracias. Usted conserva su lugar y le llamaremos cuando sea su turno.",
    ),
    "Call was stored": (
        "You are in line to be called back already.",
        "Ya está en la fila para que le llamemos.",
    ),
    "Not callable": ("We cannot call that number.", "No podemos llamar a ese número."),
    "PIN": (
        "Please enter the PIN of the conference room, then press the pound key.",
        "Marque la clave de la sala y oprima la tecla numeral.",
    ),
    "Wrong PIN": ("That PIN does not fit.", "Esa clave no es válida."),
    "Goodbye": ("Thank you for calling. Goodbye.", "Gracias por llamar. Hasta luego."),
}
