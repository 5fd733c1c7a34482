import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompts import ssml, voices
from telephony.twiml import Say, render
from tests.telephony.schema import violations


@pytest.mark.parametrize(
    "text", ["Hello", "5 < 6", "5 < 6 > 2", "Tom & Jerry", "<3", "write to <ann@example.com>", "a <", "&amp;"]
)
def test_plain_text_is_not_taken_for_markup(text):
    assert not ssml.is_markup(text)


@pytest.mark.parametrize(
    "text", ["<break/>", "a <b>", "</s>", "<amazon:effect name='x'>", "<speak>Hi</speak>", "<prosody rate='slow'>"]
)
def test_whatever_looks_like_a_tag_is_markup(text):
    assert ssml.is_markup(text)


GOOD = [
    "Hi<break/>",
    'Hi<break time="1.5s" strength="weak"/><break time="300ms"/>',
    '<p><s>One.</s><s>Two <emphasis level="strong">three</emphasis>.</s></p>',
    '<lang xml:lang="fr-FR">Bonjour</lang>',
    '<phoneme alphabet="ipa" ph="pɪˈkɑːn">pecan</phoneme>',
    '<prosody volume="+6dB" rate="90%" pitch="-10%">slow</prosody>',
    '<say-as interpret-as="date" format="mdy">12/31/2025</say-as>',
    '<sub alias="Wide Web">WW</sub>',
    '<w role="amazon:VBD">read</w>',
    "R&amp;D &lt;3 <break/>",
]


@pytest.mark.parametrize("text", GOOD)
def test_the_safe_list_is_accepted_and_what_is_accepted_is_valid(text):
    assert ssml.check(text) == ()
    assert violations(render([Say(text, markup=True)])) == []


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("Hi <speak>x</speak>", 3, "The tag <speak> is not possible"),
        ("<amazon:effect name='x'>x</amazon:effect>", 0, "The tag <amazon:effect> is not possible"),
        ("Ü<break time='11s'/>", 1, "<break time> cannot be “11s”"),
        ("<break loud='1'/>", 0, "<break> has no attribute loud"),
        ("<say-as>12</say-as>", 0, "<say-as> needs the attribute interpret-as"),
        ("<sub>x</sub>", 0, "<sub> needs the attribute alias"),
        ("<s><p>x</p></s>", 3, "<p> cannot stand in <s>"),
        ("<break>x</break>", 7, "<break> holds no text"),
        ("<s>x", 4, "A tag is closed that was not opened here"),
        ("x</s>", 3, "A tag is closed that was not opened here"),
        ("R&D <break/>", 3, "write &amp; for &"),
        ("&nbsp;<break/>", 0, "Of the names with &"),
        ("<break/><!-- secret -->", 8, "Comments are not spoken"),
        ("<break/><?php ?>", 8, "Instructions"),
        ("<break/><![CDATA[x]]>", 8, "CDATA is not possible"),
        ("<s>x</s></t><t>", 12, "not well-formed"),
        ("<prosody rate='1'>x</prosody>", 0, "<prosody rate> cannot be “1”"),
    ],
)
def test_what_is_wrong_is_told_in_words_and_where(text, position, words):
    fault = ssml.check(text)[0]

    assert words in fault.text
    assert fault.position == position


def test_a_tag_that_the_voice_does_not_speak_is_told():
    text = "<emphasis>now</emphasis>"

    assert ssml.check(text, voices.tags("Polly.Joanna")) == ()
    assert (
        ssml.check(text, voices.tags("Polly.Joanna-Neural"))[0].text == "This voice does not know the tag <emphasis>."
    )
    assert ssml.check(text, voices.tags("man"))


tags = st.sampled_from([*ssml.ALL, "speak", "t", "x"])
fragments = st.one_of(
    st.text(alphabet="ab<>&;'\"/= \x00é", max_size=6),
    st.sampled_from(GOOD),
    st.builds("<{}>".format, tags),
    st.builds("</{}>".format, tags),
    st.builds("<{}/>".format, tags),
    st.builds('<{} interpret-as="date">x</say-as>'.format, tags),
)


@given(st.lists(fragments, max_size=6).map("".join))
def test_any_text_is_judged_and_what_passes_is_valid_in_a_document(text):
    if not ssml.check(text) and text.strip():
        assert violations(render([Say(f"x{text}", markup=True)])) == []
