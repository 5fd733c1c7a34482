from contactcenter.api import router
from rest.routing import Page
from tests.rest.things import Skills
from tests.rest.things import router as skills


def test_every_method_at_every_address_is_a_page_with_what_it_needs():
    view = ("agents.view_skill",)

    assert set(skills.pages()) == {
        Page("GET", "/test-skills", "list", Skills, "test-skills:read", view),
        Page("POST", "/test-skills", "create", Skills, "test-skills:write", view),
        Page("GET", "/test-skills/{id}", "retrieve", Skills, "test-skills:read", view),
        Page("PATCH", "/test-skills/{id}", "partial_update", Skills, "test-skills:write", view),
        Page("POST", "/test-skills/{id}/refuse", "refuse", Skills, "test-skills:refuse", view),
    }


def test_every_page_of_the_api_names_its_permissions():
    pages = list(router.pages())

    assert pages
    assert [page for page in pages if not page.scope.partition(":")[2]] == []
