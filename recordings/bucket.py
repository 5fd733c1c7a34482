"""The bucket in which media lie where one is named: Amazon's S3 or what speaks like it."""

from typing import Any

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage


class Bucket(S3Storage):
    """One part after the other, in the worker's own thread: memory stays flat, and a claim that was lost is noticed."""

    def get_default_settings(self) -> dict[str, Any]:
        patience = Config(connect_timeout=3, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
        return super().get_default_settings() | {
            "transfer_config": TransferConfig(use_threads=False),
            "client_config": patience,
        }
