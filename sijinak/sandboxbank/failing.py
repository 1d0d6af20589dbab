"""The faults of the line: no answer, a slow one, none at all."""

import socket
import time
from collections.abc import Callable, Iterator

from flask import Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ServiceUnavailable

SLOW_SECONDS = 1.0


def answered(
    fates: frozenset[str], make: Callable[[], ResponseReturnValue], *, writes: bool = False
) -> ResponseReturnValue:
    """What the bank would say, if nothing happened on the way. ``writes``: an order to change."""
    if "down" in fates:
        raise ServiceUnavailable
    if writes and "request_lost" in fates:
        return _hung_up()
    said = make()
    if writes and "answer_lost" in fates:
        return _hung_up()
    return _slow(said) if "slow" in fates else said


def _hung_up() -> Response:
    """The connection ends without a byte."""
    line = request.environ["werkzeug.socket"]
    line.shutdown(socket.SHUT_RDWR)
    return Response(status=499)


def _slow(said: ResponseReturnValue) -> Response:
    whole = said if isinstance(said, Response) else Response(*said)  # type: ignore[misc]
    content = whole.get_data()

    def dripping() -> Iterator[bytes]:
        for byte in content:
            yield bytes([byte])
            time.sleep(SLOW_SECONDS)

    slow = Response(dripping(), status=whole.status_code, mimetype="application/json")
    slow.headers["Content-Length"] = str(len(content))
    return slow
