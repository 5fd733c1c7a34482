"""The bucket in which media lie where one is named: Amazon's S3 or what speaks like it."""

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage

PART = 5 * 1024 * 1024  # the least that Amazon takes


class Bucket(S3Storage):
    """One part after the other, in the worker's own thread: memory stays flat, and a claim that was lost is noticed."""

    def get_default_settings(self) -> dict[str, Any]:
        client = Config(
            connect_timeout=3,
            read_timeout=30,
            retries={"mode": "standard", "total_max_attempts": 3},
            # Not every server knows the newer sums: some send that of the whole file with a part. We have our own.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        transfer = TransferConfig(use_threads=False, multipart_threshold=2 * PART, multipart_chunksize=PART)
        inherited: dict[str, Any] = super().get_default_settings()  # type: ignore[no-untyped-call]  # the library has no types
        return inherited | {"client_config": client, "transfer_config": transfer}
