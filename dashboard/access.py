"""Who may open which page. A page that a script asks for answers a status, never the log-in page."""

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from agents.models import Agent, User

Asked = ParamSpec("Asked")
Page = Callable[Concatenate[HttpRequest, Asked], HttpResponse]
DeskPage = Callable[Concatenate[HttpRequest, Agent, Asked], HttpResponse]

USE_DESK = "agents.use_desk"


def is_fetched(request: HttpRequest) -> bool:
    """Tell whether a script of ours asks, which can do nothing with another page."""
    return "HX-Request" in request.headers or request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def may(permission: str) -> Callable[[Page[Asked]], Page[Asked]]:
    """Let in who is logged in and has this permission; what they see is never kept by a browser."""

    def guarded(page: Page[Asked]) -> Page[Asked]:
        def answer(request: HttpRequest, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
            if not isinstance(request.user, User):
                if is_fetched(request):
                    return HttpResponse("You are logged out.", status=401, content_type="text/plain")
                return redirect_to_login(request.get_full_path())
            if not request.user.has_perm(permission):
                raise PermissionDenied
            response = page(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        update_wrapper(answer, page)
        return answer

    return guarded


def at_desk(page: DeskPage[Asked]) -> Page[Asked]:
    """Let in agents, and give the page the agent that the account is."""

    def answer(request: HttpRequest, /, *args: Asked.args, **kwargs: Asked.kwargs) -> HttpResponse:
        agent = Agent.objects.observed().filter(user=request.user.pk or 0).first()
        if agent is None:
            return render(request, "desk/no_agent.html", status=403)
        return page(request, agent, *args, **kwargs)

    update_wrapper(answer, page)
    return may(USE_DESK)(answer)
