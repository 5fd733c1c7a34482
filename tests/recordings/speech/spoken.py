"""Numbers as people say and write them, for tests of what is hidden."""

import itertools

from hypothesis import strategies as st

UNITS = {
    "en": ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
    "de": ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "es": ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"],
    "fr": ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"],
    "it": ["zero", "uno", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove"],
    "nl": ["nul", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"],
    "pt": ["zero", "um", "dois", "três", "quatro", "cinco", "seis", "sete", "oito", "nove"],
}
ZEROS = {"en": ("zero", "oh", "O", "nought"), "de": ("null",), "es": ("cero",), "fr": ("zéro", "zero")}
TWICE = {"en": "double", "de": "doppel", "es": "doble", "fr": "double"}
PAUSES = {
    "en": ("uh,", "then", "okay,", "um"),
    "de": ("äh,", "dann", "genau,"),
    "es": ("eh,", "luego", "vale,"),
    "fr": ("euh,", "puis", "alors"),
}
_EN_TEENS = [
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DE_TEENS = ["zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"]
_DE_TENS = ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_ES_TEENS = ["diez", "once", "doce", "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve"]
_ES_TENS = ["treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
_FR_TEENS = ["dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
_FR_TENS = ["vingt", "trente", "quarante", "cinquante", "soixante"]


def pair(digits: str, language: str) -> str:
    """Say two digits as one number, from 10 to 99."""
    number, (tens, unit) = int(digits), map(int, digits)
    units = UNITS[language]
    match language:
        case "en":
            tail = f"-{units[unit]}" if unit else ""
            return _EN_TEENS[unit] if tens == 1 else _EN_TENS[tens - 2] + tail
        case "de":
            before = ("ein" if unit == 1 else units[unit]) + "und" if unit else ""
            return _DE_TEENS[unit] if tens == 1 else before + _DE_TENS[tens - 2]
        case "es":
            if number < 30:
                twenties = "veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis veintisiete"
                return [*_ES_TEENS, *twenties.split(), "veintiocho", "veintinueve"][number - 10]
            return _ES_TENS[tens - 3] + (f" y {units[unit]}" if unit else "")
        case "fr":
            if number >= 80:
                rest = number - 80
                more = _FR_TEENS[rest - 10] if rest >= 10 else units[rest] if rest else ""
                return f"quatre-vingt-{more}" if more else "quatre-vingts"
            if number >= 70:
                return "soixante et onze" if number == 71 else f"soixante-{_FR_TEENS[number - 70]}"
            tail = " et un" if unit == 1 else f"-{units[unit]}" if unit else ""
            return _FR_TEENS[unit] if tens == 1 else _FR_TENS[tens - 2] + tail
    raise ValueError(language)


@st.composite
def said(draw, digits: str, language: str) -> list[str]:
    """Give the words in which digits are spoken: one by one, in pairs, doubled, with a pause here and there.

    What is said in one breath ("double four") is one of the list.
    """
    style = draw(st.sampled_from(["single", "doubled", "pairs", "mixed"]))
    words: list[str] = []
    rest = digits
    while rest:
        here = draw(st.sampled_from(["single", "doubled", "pairs"])) if style == "mixed" else style
        if here == "doubled" and len(rest) > 1 and rest[0] == rest[1]:
            words.append(f"{TWICE[language]} {UNITS[language][int(rest[0])]}")
            rest = rest[2:]
        elif here == "pairs" and len(rest) > 1 and rest[0] != "0" and not _runs_on(words, rest[:2], language):
            words.append(pair(rest[:2], language))
            rest = rest[2:]
        else:
            zero = draw(st.sampled_from(ZEROS[language])) if rest[0] == "0" else ""
            if words and _runs_on(words, rest[0], language):
                words.append(",")
            words.append(zero or UNITS[language][int(rest[0])])
            rest = rest[1:]
        if rest and draw(st.integers(0, 7)) == 0:
            words.append(draw(st.sampled_from(PAUSES[language])))
    return words


def _runs_on(words: list[str], digits: str, language: str) -> bool:
    """Whether nobody could tell one number from two: "twenty, five", "soixante, douze"."""
    round_ones = {"en": _EN_TENS, "de": [], "es": [*_ES_TENS, "veinte"], "fr": [*_FR_TENS, "quatre-vingts", "quatre"]}
    digit_alone = len(digits) == 1 or language == "fr"
    return bool(words) and digit_alone and words[-1] in round_ones[language]


@st.composite
def written(draw, digits: str) -> str:
    """Give digits as they are written: in one, or in groups with something between."""
    sizes = draw(st.sampled_from([[len(digits)], [4] * 5, [4, 6, 5, 9], [2] * 10, [1] * 20, [3] * 7]))
    between = draw(st.sampled_from([" ", "-", ".", ", ", " - ", "\u00a0", "\u2011", "/", " / ", "_"]))
    places = [0, *itertools.accumulate(sizes)]
    groups = [digits[start:end] for start, end in itertools.pairwise(places) if digits[start:end]]
    return between.join(groups)
