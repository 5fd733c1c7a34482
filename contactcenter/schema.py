"""The schema of the REST API: as it is now, and as it was released last, which clients are written for."""

from typing import Any

import yaml
from django.conf import settings
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

RELEASED = settings.BASE_DIR / "docs" / "api" / "openapi.yaml"


def present() -> dict[str, Any]:
    """Write the schema down from the pages that there are, as plain data."""
    written: dict[str, Any] = yaml.safe_load(text())
    return written


def text() -> str:
    """Write the schema down as YAML."""
    GENERATOR_STATS.reset()
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return bytes(OpenApiYamlRenderer().render(schema, renderer_context={})).decode()


def warnings() -> list[str]:
    """Give what could not be understood of the pages when the schema was written last; none is as it should be."""
    return [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]


def released() -> dict[str, Any]:
    """Read the schema that was released last."""
    read: dict[str, Any] = yaml.safe_load(RELEASED.read_text())
    return read
