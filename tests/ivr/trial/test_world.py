from ivr.trial.world import World
from tests.ivr.factories import END, make_document


def test_the_documents_of_a_world_begin_with_the_one_that_is_tried() -> None:
    here, published, there = (make_document({"1": END}, flow=flow) for flow in (1, 1, 2))

    assert World(here, {"2": there, "1": published}).documents == (here, there)
