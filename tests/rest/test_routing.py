from contactcenter.api import router
from rest.routing import Page
from tests.rest.things import Teams
from tests.rest.things import router as teams


def test_every_method_at_every_address_is_a_page_with_what_it_needs():
    view = ("agents.view_team",)

    assert set(teams.pages()) == {
        Page("GET", "/test-teams", "list", Teams, "test-teams:read", view),
        Page("POST", "/test-teams", "create", Teams, "test-teams:write", view),
        Page("GET", "/test-teams/{pk}", "retrieve", Teams, "test-teams:read", view),
        Page("PATCH", "/test-teams/{pk}", "partial_update", Teams, "test-teams:write", view),
        Page("POST", "/test-teams/{pk}/refuse", "refuse", Teams, "test-teams:refuse", view),
    }


def test_every_page_of_the_api_names_its_permissions():
    pages = list(router.pages())

    assert pages
    assert [page for page in pages if not page.scope.partition(":")[2]] == []
