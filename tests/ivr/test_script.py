from ivr.prompts import voices
from ivr.script import Prompt, Script, Wording, speak
from telephony.twiml import Play, Say

SCRIPT = Script(
    {"en-US": "Polly.Joanna-Neural", "es-US": "Polly.Lupe-Neural"},
    {
        "both": Prompt("Both", {"en-US": Wording("Hello"), "es-US": Wording("Hola", voice="Polly.Miguel")}),
        "spanish": Prompt("Spanish", {"es-US": Wording("Hola")}),
        "sound": Prompt("Sound", {"en-US": Wording("Hello", audio="ff")}),
        "nothing": Prompt("Nothing", {}),
    },
)


def test_a_prompt_is_said_by_the_flows_voice_or_by_its_own():
    assert SCRIPT.say("both", "en-US", media="") == (Say("Hello", voice="Polly.Joanna-Neural", language="en-US"),)
    assert SCRIPT.say("both", "es-US", media="") == (Say("Hola", voice="Polly.Miguel", language="es-US"),)


def test_a_language_that_is_not_there_gives_way_to_one_that_is():
    assert SCRIPT.say("both", "de-DE", media="")[0].language == "en-US"
    assert SCRIPT.say("spanish", "en-US", media="") == (Say("Hola", voice="Polly.Lupe-Neural", language="es-US"),)


def test_a_sound_goes_before_the_text():
    assert SCRIPT.say("sound", "en-US", media="https://x/") == (Play("https://x/ff"),)


def test_what_is_not_there_is_not_said():
    assert SCRIPT.say("nothing", "en-US", media="") == ()
    assert SCRIPT.say("unknown", "en-US", media="") == ()
    assert speak("  ", "man", "en-US") == ()


def test_a_long_text_is_split_at_its_sentences_within_the_limit_of_the_voice():
    text = "This is a sentence of a long text. " * 300

    for voice in ("man", "Polly.Amy", "Google.en-GB-Wavenet-A"):
        said = speak(text, voice, "en-GB")
        assert len(said) > 1
        assert all(
            verb.text.endswith("text.") and voices.size(verb.text, voice) <= voices.limit(voice) for verb in said
        )
        assert " ".join(verb.text for verb in said) == text.strip()


def test_markup_is_kept_whole_and_wrong_markup_spoken_without_its_tags():
    assert speak("Hi<break/>", "man", "en-US") == (Say("Hi<break/>", voice="man", language="en-US", markup=True),)
    assert speak("Hi <b>you</b>", "man", "en-US") == (Say("Hi you", voice="man", language="en-US"),)
