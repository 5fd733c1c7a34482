"""A resource for tests: skills, which can be renamed, under a condition or without."""

from typing import Any

from django.test import RequestFactory
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from agents.models import Skill
from rest.problems import conflict
from rest.routing import Router
from rest.serializers import ModelShape
from rest.views import Listed, Read, Resource
from tests.crm.asking import Asking


class SkillShape(ModelShape):
    class Meta:
        model = Skill
        fields = ("id", "name")
        read_only_fields = ("id",)


class Skills(Listed, Read, Resource):
    scope = "test-skills"
    scopes = {"refuse": "test-skills:refuse"}
    permissions = dict.fromkeys(("list", "retrieve", "create", "partial_update", "refuse"), "agents.view_skill")
    queryset = Skill.objects.all()
    serializer_class = SkillShape
    bodies = {"create": SkillShape, "partial_update": SkillShape}
    orderings = ("name", "pk")
    version_fields = ("name",)

    def create(self, _request: Request) -> Response:
        return self.answer(Skill.objects.create(**self.body()))

    def partial_update(self, _request: Request, **_way: Any) -> Response:
        skill = self.get_object()
        Skill.objects.filter(pk=skill.pk).update(**self.body())
        skill.refresh_from_db()
        return self.answer(skill)

    @action(detail=True, methods=["post"])
    def refuse(self, _request: Request, **_way: Any) -> Response:
        """Note something, then refuse."""
        Skill.objects.create(name="noted")
        raise conflict("Not now.")


router = Router()
router.register("test-skills", Skills, basename="test-skills")


def ask(who: Asking, method: str, way: str = "", body: bytes = b"", **headers: str) -> Response:
    """Ask the resource; `way` is what stands behind its address."""
    pk, _slash, more = way.partition("?")[0].strip("/").partition("/")
    factory = RequestFactory(headers={"Authorization": f"Bearer {who.token}", **headers})
    request = factory.generic(method, f"/test-skills{way}", body, "application/json")
    if more:
        actions = {method.lower(): more}
    elif pk:
        actions = {"get": "retrieve", "patch": "partial_update"}
    else:
        actions = {"get": "list", "post": "create"}
    view = Skills.as_view(actions, basename="test-skills", detail=bool(pk))
    answer = view(request, **({"pk": pk} if pk else {}))
    if hasattr(answer, "render"):
        answer.render()
    return answer
