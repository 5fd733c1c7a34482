"""Storages that do not do their part."""

from botocore.exceptions import EndpointConnectionError

from recordings.storage import Folder


class Away(Folder):
    """A bucket that nobody reaches tells it in its library's own words."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        raise EndpointConnectionError(endpoint_url="http://bucket.test")

    def exists(self, name: str) -> bool:
        raise EndpointConnectionError(endpoint_url="http://bucket.test")


class Behind(Folder):
    """A list that does not have the newest files yet."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return super().listdir(path)[0], []
