from crm.states import DeliveryState


def test_the_words_are_those_of_the_rows():
    assert set(DeliveryState) == {"waiting", "delivered", "given-up"}
