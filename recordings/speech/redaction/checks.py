"""Numbers that prove themselves: by a checksum, or by the rules of a country. Pure."""

import importlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from phonenumbers import Leniency, PhoneNumberMatcher
from stdnum import iban, luhn

CARD_LENGTHS = range(13, 20)
# How the numbers of the card brands begin, and how long they are.
_BRANDS: Sequence[tuple[re.Pattern[str], frozenset[int]]] = (
    (re.compile("4"), frozenset({13, 16, 19})),
    (re.compile("5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), frozenset({16})),
    (re.compile("3[47]"), frozenset({15})),
    (re.compile("6|81|82|50|5[6-8]"), frozenset(range(13, 20))),
    (re.compile("35|30|3[689]"), frozenset({14, 16, 17, 18, 19})),
    (re.compile("220[0-4]|9[7-9]"), frozenset({16, 17, 18, 19})),
)
_COUNTRIES = """
    AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO EE EG ES FI FK FO FR GB GE GI GL GR GT HR HU IE IL IQ
    IS IT JO KW KZ LB LC LI LT LU LV LY MC MD ME MK MN MR MT MU NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI SK SM
    SO ST SV TL TN TR UA VA VG XK YE
"""
IBAN_COUNTRIES = frozenset(_COUNTRIES.split())
IBAN_LENGTHS = range(15, 35)


@dataclass(frozen=True, slots=True)
class Id:
    """A kind of national number: the module that checks it, and whether that alone is enough.

    Where nine or ten digits have a single check digit, every eleventh number passes; those count only when spoken of.
    """

    module: str
    is_sure: bool


IDS: Mapping[str, tuple[Id, ...]] = {
    "AT": (Id("at.vnr", False),),
    "AU": (Id("au.tfn", False),),
    "BE": (Id("be.nn", True),),
    "BR": (Id("br.cpf", True),),
    "CA": (Id("ca.sin", False),),
    "CH": (Id("ch.ssn", True),),
    "CZ": (Id("cz.rc", False),),
    "DE": (Id("de.idnr", True),),
    "DK": (Id("dk.cpr", False),),
    "ES": (Id("es.dni", True), Id("es.nie", True)),
    "FI": (Id("fi.hetu", True),),
    "FR": (Id("fr.nir", True), Id("fr.nif", False)),
    "GB": (Id("gb.nhs", False), Id("gb.utr", False)),
    "IE": (Id("ie.pps", True),),
    "IN": (Id("in_.aadhaar", False), Id("in_.pan", True)),
    "IT": (Id("it.codicefiscale", True),),
    "MX": (Id("mx.curp", True),),
    "NL": (Id("nl.bsn", False),),
    "NO": (Id("no.fodselsnummer", True),),
    "NZ": (Id("nz.ird", False),),
    "PL": (Id("pl.pesel", True),),
    "PT": (Id("pt.cc", True), Id("pt.nif", False)),
    "RO": (Id("ro.cnp", True),),
    "SE": (Id("se.personnummer", False),),
    "TR": (Id("tr.tckimlik", True),),
    "US": (Id("us.ssn", False), Id("us.itin", False)),
    "ZA": (Id("za.idnr", True),),
}
# British national insurance numbers have no checksum and a form that nothing else has.
_NINO = re.compile(r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]")
ID_LENGTHS = range(7, 21)
_TELLING_LENGTH = 11  # bare digits; fewer are too often a date or an order
PHONE_LENGTHS = range(7, 16)


def is_card(digits: str) -> bool:
    """Tell whether digits have the length and the checksum of a card number."""
    return len(digits) in CARD_LENGTHS and bool(luhn.is_valid(digits))


def is_branded_card(digits: str) -> bool:
    """Tell whether digits are besides those of a known card brand: for what may be cut out of more digits."""
    return is_card(digits) and any(len(digits) in lengths and begin.match(digits) for begin, lengths in _BRANDS)


def is_iban(value: str) -> bool:
    """Tell whether letters and digits are an IBAN."""
    return len(value) in IBAN_LENGTHS and value[:2] in IBAN_COUNTRIES and bool(iban.is_valid(value))


def is_id(value: str, countries: Iterable[str], *, spoken_of: bool) -> bool:
    """Tell whether letters and digits are a national number of one of the countries."""
    if len(value) not in ID_LENGTHS:
        return False
    tells_itself = len(value) >= _TELLING_LENGTH or not value.isdecimal()
    for country in countries:
        for kind in IDS.get(country.upper(), ()):
            if ((kind.is_sure and tells_itself) or spoken_of) and _module(kind.module).is_valid(value):
                return True
        if country.upper() == "GB" and _NINO.fullmatch(value):
            return True
    return False


def is_phone(number: str, countries: Iterable[str]) -> bool:
    """Tell whether digits, perhaps after a plus, are as a whole a telephone number that somebody may have."""
    if len(number.removeprefix("+")) not in PHONE_LENGTHS:
        return False
    return any(
        match.raw_string == number
        for country in countries
        for match in PhoneNumberMatcher(number, country.upper(), leniency=Leniency.VALID)
    )


@cache
def _module(name: str) -> ModuleType:
    return importlib.import_module(f"stdnum.{name}")
