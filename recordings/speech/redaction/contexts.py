"""What was spoken of just before a number was: a misheard digit breaks a checksum, not the question for it. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recordings.speech.redaction.kinds import MARKER, Kind
from recordings.speech.redaction.reading import Token
from recordings.speech.transcript import Segment


@dataclass(frozen=True, slots=True)
class Context:
    """Words after which a number of so many digits within so many seconds is of a kind."""

    words: re.Pattern[str]
    after: re.Pattern[str]  # "1234 is my PIN"
    seconds: float
    shortest: int
    longest: int


def _context(words: str, *, seconds: float, shortest: int, longest: int) -> Context:
    anyhow = rf"\b(?:{words})\b"
    is_my = r"^\W{0,3}(?:is|was|are|ist|war|sind|es|era|son|est|était|sont|è|sono|zijn|é|são)\s+(?:\w+\s+){0,2}"
    return Context(re.compile(anyhow), re.compile(is_my + anyhow), seconds, shortest, longest)


# All languages in one: a foreign word does no harm. Everything is written as casefolding leaves it.
CONTEXTS: Mapping[Kind, Context] = {
    Kind.CARD: _context(
        r"cards?|credit card|debit card|visa|master ?card|amex|american express|maestro|card number"
        r"|(?:kredit|debit|giro|ec|bank)?-?karten?|(?:kredit|bank)?kartennummer|tarjetas?|cartes?|carte bleue"
        r"|carta di credito|carte di credito|bancomat|creditcard|pinpas|betaalpas|cartão|cartões",
        seconds=45,
        shortest=8,
        longest=40,
    ),
    Kind.ACCOUNT: _context(
        r"ibans?|account number|bank account|checking account|savings account|routing number|sort code"
        r"|kontonummer|bankverbindung|bankleitzahl|blz|bankkonto|número de cuenta|numero de cuenta|cuenta bancaria"
        r"|numéro de compte|compte bancaire|conto corrente|numero di conto|rekeningnummer|bankrekening"
        r"|número da conta|conta bancária",
        seconds=45,
        shortest=6,
        longest=40,
    ),
    Kind.ID: _context(
        r"social security|social insurance|ssn|national insurance|national id|id number|identity number|identity card"
        r"|passport|driver'?s licen[cs]e|driving licen[cs]e|tax id|tax number|taxpayer|nhs number|medicare"
        r"|steuer-?id|steuernummer|identifikationsnummer|steueridentifikationsnummer|sozialversicherungs?nummer"
        r"|versicherungsnummer|personalausweis|ausweis|ausweisnummer|reisepass|führerschein"
        r"|dni|nif|documento de identidad|número de identidad|seguridad social|pasaporte|carnet"
        r"|sécurité sociale|numéro de sécu|carte d['\u2019]identité|passeport|permis de conduire|numéro fiscal"
        r"|codice fiscale|carta d['\u2019]identità|passaporto|bsn|burgerservicenummer|sofi-?nummer|paspoort|rijbewijs"
        r"|cpf|contribuinte|cartão de cidadão|passaporte|pesel|aadhaar|personnummer",
        seconds=30,
        shortest=5,
        longest=20,
    ),
    Kind.PHONE: _context(
        r"phone|telephone|cell|cellphone|mobile|call me|call back|reach me|reach you|fax|text me"
        r"|telefon|telefonnummer|handy|handynummer|rufnummer|mobilnummer|rückruf|anrufen|zurückrufen"
        r"|teléfono|telefono|móvil|movil|celular|llamar|llámame|llámeme|téléphone|portable|rappeler|appeler|joindre"
        r"|cellulare|telefoneren|telefoonnummer|mobiel|bellen|telefone|telemóvel|ligar",
        seconds=30,
        shortest=7,
        longest=15,
    ),
    Kind.CODE: _context(
        r"cvv2?|cvc2?|csc|security code|security number|verification code|verification number|card verification"
        r"|back of (?:the|your|my) card|on the back|pins?|pin ?code|pass ?code|password|one[- ]time (?:code|password)"
        r"|otp|access code|prüfnummer|prüfziffer|kartenprüfnummer|prüfcode|sicherheitscode|sicherheitsnummer"
        r"|geheimzahl|geheimnummer|kennwort|passwort|(?:push|sms|m)?-?tan-?nummer|transaktionsnummer|rückseite"
        r"|código de seguridad|codigo de seguridad"
        r"|código de verificación|código secreto|número secreto|clave|contraseña|reverso|cryptogramme"
        r"|code de sécurité|code secret|code confidentiel|code de vérification|mot de passe|au dos"
        r"|codice di sicurezza|codice segreto|pincode|beveiligingscode|wachtwoord|código de segurança|senha",
        seconds=20,
        shortest=3,
        longest=8,
    ),
}
# Nothing that has digits: an address is found by itself, and by this where it might as well be a place.
_MAIL = re.compile(r"\b(?:e-?mails?|mails?|address|adresse|correo|dirección|courriel|mél|indirizzo|endereço)\b")
_MAIL_SECONDS = 30.0
# What numbers belong to that nobody has to hide; a misheard telephone number or id is not sought right behind it.
_HARMLESS = re.compile(
    r"\b(?:orders?|order number|reference|ticket|invoice|case number|booking|tracking|parcel|customer number|model"
    r"|serial|bestellung|bestellnummer|auftrag|auftragsnummer|rechnung|rechnungsnummer|kundennummer|sendungsnummer|vorgang"
    r"|pedido|factura|referencia|reserva|commande|facture|référence|réservation|dossier|ordine|fattura|bestelling)\b"
)
_MAY_BE_HARMLESS = frozenset({Kind.PHONE, Kind.ID})
_FARTHEST_AFTER = 60  # characters
_LONGEST_SEGMENT = 60.0  # seconds; who began even earlier is over by then


@dataclass(frozen=True)
class Said:
    """What everybody said, to look up what was spoken of."""

    segments: Sequence[Segment]

    def kind_of(self, first: Token, last: Token, *, length: int) -> Kind | None:
        """Tell what a number is by what was spoken of: just behind it, or else last before it."""
        behind = self.segments[last.segment].text[last.end : last.end + _FARTHEST_AFTER].casefold()
        nearest: tuple[int, Kind] | None = None
        for kind, context in CONTEXTS.items():
            if not context.shortest <= length <= context.longest:
                continue
            if context.after.search(behind):
                return kind
            distance = self._distance(context.words, first, context.seconds)
            if distance is None or (nearest is not None and distance >= nearest[0]):
                continue
            harmless = self._distance(_HARMLESS, first, context.seconds) if kind in _MAY_BE_HARMLESS else None
            if harmless is None or distance < harmless:
                nearest = distance, kind
        return nearest[1] if nearest else None

    def speaks_of(self, kind: Kind, first: Token) -> bool:
        """Tell whether a kind was spoken of before a token."""
        return self._distance(CONTEXTS[kind].words, first, CONTEXTS[kind].seconds) is not None

    def speaks_of_mail(self, first: Token) -> bool:
        """Tell whether an e-mail address was spoken of before a token."""
        return self._distance(_MAIL, first, _MAIL_SECONDS) is not None

    def _distance(self, words: re.Pattern[str], first: Token, seconds: float) -> int | None:
        """Count the characters since one of the words was said; None where none was."""
        before = self._before(first, seconds)
        found = [match.end() for match in words.finditer(before)]
        return len(before) - found[-1] if found else None

    def _before(self, first: Token, seconds: float) -> str:
        since = self.segments[first.segment].start - seconds
        texts = [self.segments[first.segment].text[: first.start]]
        for segment in reversed(self.segments[: first.segment]):
            if segment.start < since - _LONGEST_SEGMENT:
                break
            if segment.end >= since:
                texts.append(segment.text)
        return MARKER.sub(" ", "\n".join(reversed(texts))).casefold()
