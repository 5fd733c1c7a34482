"""A resource for tests: teams, which can be renamed, under a condition or without."""

from typing import Any

from django.test import RequestFactory
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Team
from rest.problems import conflict
from rest.routing import Router
from rest.serializers import ModelShape
from rest.views import Listed, Read, Resource
from tests.crm.asking import Asking


class TeamShape(ModelShape):
    class Meta:
        model = Team
        fields = ("id", "name")
        read_only_fields = ("id",)


class Teams(Listed, Read, Resource):
    scope = "test-teams"
    scopes = {"refuse": "test-teams:refuse"}
    permissions = dict.fromkeys(("list", "retrieve", "create", "partial_update", "refuse"), "agents.view_team")
    queryset = Team.objects.all()
    serializer_class = TeamShape
    bodies = {"create": TeamShape, "partial_update": TeamShape}
    orderings = ("name", "pk")
    version_fields = ("name",)

    def create(self, _request: Request) -> Response:
        return self.answer(Team.objects.create(**self.body()))

    def partial_update(self, _request: Request, **_way: Any) -> Response:
        team = self.get_object()
        Team.objects.filter(pk=team.pk).update(**self.body())
        team.refresh_from_db()
        return self.answer(team)

    @action(detail=True, methods=["post"])
    def refuse(self, _request: Request, **_way: Any) -> Response:
        """Note something, then refuse."""
        Team.objects.create(name="noted")
        raise conflict("Not now.")


router = Router()
router.register("test-teams", Teams, basename="test-teams")


def ask(who: Asking, method: str, way: str = "", body: bytes = b"", **headers: str) -> Response:
    """Ask the resource; `way` is what stands behind its address."""
    pk, _slash, more = way.partition("?")[0].strip("/").partition("/")
    factory = RequestFactory(headers={"Authorization": f"Bearer {who.token}", **headers})
    request = factory.generic(method, f"/test-teams{way}", body, "application/json")
    if more:
        actions = {method.lower(): more}
    elif pk:
        actions = {"get": "retrieve", "patch": "partial_update"}
    else:
        actions = {"get": "list", "post": "create"}
    view = Teams.as_view(actions, basename="test-teams", detail=bool(pk))
    answer = view(request, **({"pk": pk} if pk else {}))
    if hasattr(answer, "render"):
        answer.render()
    return answer
