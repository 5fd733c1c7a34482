"""The addresses of all pages, and what each of them needs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rest_framework.routers import SimpleRouter

from rest.views import SAFE, Resource


@dataclass(frozen=True, slots=True)
class Page:
    """One method at one address. `path` has its parameters in braces, as in the schema: `/calls/{id}`."""

    method: str
    path: str
    action: str
    resource: type[Resource]
    scope: str
    permissions: tuple[str, ...]


class Router(SimpleRouter):
    """Addresses without a slash at the end; ids in them are never with one."""

    def __init__(self) -> None:
        super().__init__(trailing_slash=False)

    def pages(self) -> Iterator[Page]:
        """Give every page that exists, for tests and tables that walk over all of them."""
        registry: list[tuple[str, type[Resource], str]] = self.registry  # type: ignore[assignment]  # of no others
        for prefix, viewset, _basename in registry:
            lookup = f"{{{(viewset.lookup_url_kwarg or viewset.lookup_field).replace('pk', 'id')}}}"
            for route in self.get_routes(viewset):
                path = route.url.format(prefix=prefix, lookup=lookup, trailing_slash="").strip("^$")
                for method, action in self.get_method_map(viewset, route.mapping).items():
                    what = "read" if method.upper() in SAFE else "write"
                    needed = viewset.permissions[action]
                    yield Page(
                        method=method.upper(),
                        path=f"/{path}",
                        action=action,
                        resource=viewset,
                        scope=viewset.scopes.get(action, f"{viewset.scope}:{what}"),
                        permissions=(needed,) if isinstance(needed, str) else needed,
                    )
