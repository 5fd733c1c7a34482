from crm.admin.deliveries import COLORS, TONES, WORDS
from crm.states import DeliveryState


def test_each_state_has_a_word_a_color_and_a_tone():
    assert set(WORDS) == set(TONES) == set(DeliveryState)
    assert set(COLORS) == set(WORDS.values())
