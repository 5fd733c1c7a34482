"""How long a voice takes, by estimate."""

import pytest

from ivr.prompts import speaking


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("Hello.", 0.5, 1.2),
        # 38 words, which people read aloud in about fourteen seconds
        (
            (
                "Thank you for calling Harbor Supplies. For sales, press one. For support, press two. For our opening"
                " hours, press three. To speak to somebody at the desk, please stay on the line, and we will be with"
                " you soon."
            ),
            12,
            19,
        ),
        ("ご利用ありがとうございます。", 2.5, 4.5),
        ("Wait<break time='2s'/>", 2.5, 3),
        ("Wait<break time='500ms'/>", 1, 1.5),
        ("Wait<break/>", 1, 1.5),
    ],
)
def test_a_text_takes_about_as_long_as_a_person_needs(text, least, most):
    assert least <= speaking.seconds(text) <= most


def test_a_tag_is_not_said():
    assert speaking.seconds("<emphasis level='strong'>Hello.</emphasis>") == pytest.approx(speaking.seconds("Hello."))
