"""Files in a bucket that speaks S3: ``pip install sijinak[s3]``, SIJINAK_STORAGE=s3://bucket/folder.

Where the bucket is and who may use it, boto3 takes from AWS_ENDPOINT_URL_S3, AWS_ACCESS_KEY_ID and
the like.
"""

from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from sijinak.core.errors import NotFound, Unavailable

PATIENCE = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 2})
MISSING = frozenset({"404", "NoSuchKey"})


class Bucket:
    def __init__(self, address: str) -> None:
        self._bucket, _, self._folder = address.strip("/").partition("/")
        self._s3 = boto3.client("s3", config=PATIENCE)

    def put(self, key: str, content: bytes) -> None:
        self._ask("put_object", key, Body=content)

    def get(self, key: str) -> bytes:
        found: bytes = self._ask("get_object", key)["Body"].read()
        return found

    def exists(self, key: str) -> bool:
        try:
            self._ask("head_object", key)
        except NotFound:
            return False
        return True

    def delete(self, key: str) -> None:
        self._ask("delete_object", key)

    def _ask(self, operation: str, key: str, **more: object) -> dict[str, Any]:
        path = f"{self._folder}/{key}".lstrip("/")
        try:
            answer: dict[str, Any] = getattr(self._s3, operation)(
                Bucket=self._bucket, Key=path, **more
            )
        except ClientError as error:
            if error.response["Error"]["Code"] in MISSING:
                raise NotFound from None
            raise Unavailable from error
        except BotoCoreError as error:
            raise Unavailable from error
        return answer
