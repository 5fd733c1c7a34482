"""Pages of the API for people, and the answer to an address that none of its resources has."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from rest.problems import MEDIA_TYPE, TITLES, Problem, body


def documentation(request: HttpRequest) -> HttpResponse:
    """Show the schema to read, and to try out with a key."""
    return render(request, "api/docs.html")


def problem(request: HttpRequest, kind: str) -> HttpResponse:
    """Tell of one kind of problem: where the `type` of a problem leads."""
    if kind not in TITLES:
        raise Http404
    return render(request, "api/problem.html", {"kind": kind, "title": TITLES[kind]})


def nothing(_request: HttpRequest) -> HttpResponse:
    return told(Problem(404, "No resource has this address. All of them are in /api/docs/."))


def told(problem: Problem) -> HttpResponse:
    """Answer with a problem outside the pages of resources."""
    return JsonResponse(body(problem), status=problem.status_code, content_type=MEDIA_TYPE)
