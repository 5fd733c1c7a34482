"""The languages and voices that Twilio speaks, and how much each takes at once. Pure.

From Twilio's "Text-to-speech" page, Amazon's standard and neural voices and Google's Standard, Wavenet and Neural2, for
the languages that Say knows. The one voice for all languages that Twilio has retired is left out on purpose.
"""

from collections.abc import Mapping
from functools import cache
from urllib.parse import quote

from ivr.prompts.ssml import ALL, bare, is_markup
from telephony.languages import LANGUAGES as LANGUAGES

# recognition of speech knows some languages under another code, and some not at all
_HEARD_AS: Mapping[str, str] = {
    "ar-XA": "ar-AE",
    "arb": "ar-AE",
    "cmn-CN": "cmn-Hans-CN",
    "cmn-TW": "cmn-Hant-TW",
    "cy-GB": "",
    "de-AT": "de-DE",
    "en-GB-WLS": "en-GB",
    "fr-BE": "fr-FR",
    "pa-IN": "pa-guru-IN",
    "ro-RO": "",
    "yue-HK": "yue-Hant-HK",
}

_BASIC: Mapping[str, str] = dict.fromkeys(("de-DE", "en-GB", "en-US", "es-ES", "fr-FR"), "man woman")

# names of Amazon's voices; those after the bar are neural
_POLLY: Mapping[str, str] = {
    "ar-AE": "| Hala Zayd",
    "arb": "Zeina",
    "ca-ES": "| Arlet",
    "cmn-CN": "Zhiyu | Zhiyu",
    "cy-GB": "Gwyneth",
    "da-DK": "Naja Mads | Sofie",
    "de-AT": "| Hannah",
    "de-DE": "Marlene Vicki Hans | Vicki Daniel",
    "en-AU": "Nicole Russell | Olivia",
    "en-GB": "Amy Emma Brian | Amy Emma Brian Arthur",
    "en-GB-WLS": "Geraint",
    "en-IE": "| Niamh",
    "en-IN": "Aditi Raveena | Kajal",
    "en-NZ": "| Aria",
    "en-US": "Joanna Ivy Kendra Kimberly Salli Joey Justin Matthew"
    " | Joanna Danielle Gregory Ivy Joey Justin Kendra Kevin Kimberly Matthew Ruth Salli Stephen",
    "en-ZA": "| Ayanda",
    "es-ES": "Conchita Lucia Enrique | Lucia Sergio",
    "es-MX": "Mia | Mia Andres",
    "es-US": "Lupe Penelope Miguel | Lupe Pedro",
    "fi-FI": "| Suvi",
    "fr-BE": "| Isabelle",
    "fr-CA": "Chantal | Gabrielle Liam",
    "fr-FR": "Celine Lea Mathieu | Lea Remi",
    "hi-IN": "Aditi | Kajal",
    "is-IS": "Dora Karl",
    "it-IT": "Carla Bianca Giorgio | Bianca Adriano",
    "ja-JP": "Mizuki Takumi | Takumi Kazuha Tomoko",
    "ko-KR": "Seoyeon | Seoyeon",
    "nb-NO": "Liv | Ida",
    "nl-BE": "| Lisa",
    "nl-NL": "Lotte Ruben | Laura",
    "pl-PL": "Ewa Maja Jacek Jan | Ola",
    "pt-BR": "Camila Vitoria Ricardo | Camila Vitoria Thiago",
    "pt-PT": "Ines Cristiano | Ines",
    "ro-RO": "Carmen",
    "ru-RU": "Tatyana Maxim",
    "sv-SE": "Astrid | Elin",
    "tr-TR": "Filiz | Burcu",
}

# letters of Google's voices in each family
_GOOGLE: Mapping[str, str] = {
    "af-ZA": "Standard:A",
    "am-ET": "Wavenet:AB Standard:AB",
    "ar-XA": "Wavenet:ABCD Standard:ABCD",
    "bg-BG": "Standard:AB",
    "bn-IN": "Wavenet:ABCD Standard:ABCD",
    "ca-ES": "Standard:AB",
    "cmn-CN": "Wavenet:ABCD Standard:ABCD",
    "cmn-TW": "Wavenet:ABC Standard:ABC",
    "cs-CZ": "Wavenet:AB Standard:AB",
    "da-DK": "Wavenet:ACDEFG Standard:ACDEFG Neural2:DF",
    "de-DE": "Wavenet:ABCDEFGH Standard:ABCDEFGH Neural2:ABCDFGH",
    "el-GR": "Wavenet:AB Standard:AB",
    "en-AU": "Wavenet:ABCD Standard:ABCD Neural2:ABCD",
    "en-GB": "Wavenet:ABCDFNO Standard:ABCDFNO Neural2:ABCDFNO",
    "en-IN": "Wavenet:ABCDEF Standard:ABCDEF Neural2:ABCD",
    "en-US": "Wavenet:ABCDEFGHIJ Standard:ABCDEFGHIJ Neural2:ACDEFGHIJ",
    "es-ES": "Wavenet:BCDEFGH Standard:ABCDEFGH Neural2:ABCDEFGH",
    "es-US": "Wavenet:ABC Standard:ABC Neural2:ABC",
    "fi-FI": "Wavenet:AB Standard:AB",
    "fil-PH": "Wavenet:ABCD Standard:ABCD",
    "fr-CA": "Wavenet:ABCD Standard:ABCD Neural2:ABCD",
    "fr-FR": "Wavenet:ABCDEFG Standard:ABCDEFG Neural2:ABCDEFG",
    "gu-IN": "Wavenet:ABCD Standard:ABCD",
    "he-IL": "Wavenet:ABCD Standard:ABCD",
    "hi-IN": "Wavenet:ABCDEF Standard:ABCDEF Neural2:ABCD",
    "hu-HU": "Wavenet:A Standard:AB",
    "id-ID": "Wavenet:ABCD Standard:ABCD",
    "is-IS": "Standard:AB",
    "it-IT": "Wavenet:ABCDEF Standard:ABCDEF Neural2:ACF",
    "ja-JP": "Wavenet:ABCD Standard:ABCD Neural2:BCD",
    "kn-IN": "Wavenet:ABCD Standard:ABCD",
    "ko-KR": "Wavenet:ABCD Standard:ABCD Neural2:ABC",
    "lv-LV": "Standard:AB",
    "ml-IN": "Wavenet:ABCD Standard:ABCD",
    "mr-IN": "Wavenet:ABC Standard:ABC",
    "ms-MY": "Wavenet:ABCD Standard:ABCD",
    "nb-NO": "Wavenet:ABCDEFG Standard:ABCDEFG",
    "nl-BE": "Wavenet:ABCD Standard:ABCD",
    "nl-NL": "Wavenet:ABCDEFG Standard:ABCDEFG",
    "pa-IN": "Wavenet:ABCD Standard:ABCD",
    "pl-PL": "Wavenet:ABCDEFG Standard:ABCDEFG",
    "pt-BR": "Wavenet:ABCDE Standard:ABCDE Neural2:ABC",
    "pt-PT": "Wavenet:ABCDEF Standard:ABCDEF",
    "ro-RO": "Wavenet:AB Standard:AB",
    "ru-RU": "Wavenet:ABCDE Standard:ABCDE",
    "sk-SK": "Wavenet:AB Standard:AB",
    "sr-RS": "Standard:A",
    "sv-SE": "Wavenet:ABCDEFG Standard:ABCDEFG",
    "ta-IN": "Wavenet:ABCD Standard:ABCD",
    "te-IN": "Standard:ABCD",
    "th-TH": "Standard:A Neural2:C",
    "tr-TR": "Wavenet:ABCDE Standard:ABCDE",
    "uk-UA": "Wavenet:A Standard:A",
    "vi-VN": "Wavenet:ABCD Standard:ABCD Neural2:AD",
    "yue-HK": "Standard:ABCD",
}


@cache
def voices(language: str) -> tuple[str, ...]:
    """Give the voices that speak `language`, the best first."""
    standard, _, neural = _POLLY.get(language, "").partition("|")
    google = [family.split(":") for family in _GOOGLE.get(language, "").split()]
    return (
        *(f"Polly.{name}-Neural" for name in neural.split()),
        *(f"Polly.{name}" for name in standard.split()),
        *(f"Google.{language}-{family}-{letter}" for family, letters in google for letter in letters),
        *_BASIC.get(language, "").split(),
    )


def default(language: str) -> str:
    """Give the voice that a new flow speaks `language` with, "" if none does."""
    return next(iter(voices(language)), "")


@cache
def _speakers() -> Mapping[str, frozenset[str]]:
    spoken: dict[str, frozenset[str]] = {}
    for language in LANGUAGES:
        for voice in voices(language):
            spoken[voice] = spoken.get(voice, frozenset()) | {language}
    return spoken


def languages_of(voice: str) -> frozenset[str]:
    """Give the languages that a voice speaks; none if it is not known."""
    return _speakers().get(voice, frozenset())


def heard_as(language: str) -> str:
    """Give the code under which speech in `language` is recognized, "" where it is not."""
    return _HEARD_AS.get(language, language)


def tags(voice: str) -> frozenset[str]:
    """Give the SSML tags that a voice speaks."""
    if voice.startswith("Google."):
        return ALL - {"w"}
    if voice.startswith("Polly."):
        return ALL - {"emphasis"} if voice.endswith("-Neural") else ALL
    return frozenset()


# what every voice takes, whatever is counted: a letter is at most twelve when it is URL-encoded
SHORT = 250


def limit(voice: str) -> int:
    """Give how much a voice takes in one verb, as `size` counts it. A voice that is not known gets the least."""
    if voice in ("man", "woman"):
        return 3900  # Twilio's page says 4,000, its error 4,096
    return 4500 if voice.startswith("Google.") else 3000


def size(text: str, voice: str) -> int:
    """Count `text` as the voice's limit does: Google's is on the URL-encoded text, Amazon's leaves tags out."""
    if voice.startswith("Google."):
        return len(quote(text, safe="", errors="replace"))
    return len(bare(text) if is_markup(text) else text)
