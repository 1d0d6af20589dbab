"""The address of a client is what the network says, unless a proxy of ours says otherwise."""

from dataclasses import replace

import pytest
from flask import Flask, request

from sijinak.app import create_app
from sijinak.config import Settings


def _address(app: Flask, forwarded: str) -> str | None:
    seen = []
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": forwarded})
    return seen[0]


def test_a_forged_header_is_ignored(settings: Settings):
    assert _address(create_app(settings), "203.0.113.9") == "127.0.0.1"


@pytest.mark.parametrize(
    ("hops", "expected"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")]
)
def test_as_many_proxies_are_believed_as_there_are(settings: Settings, hops: int, expected: str):
    app = create_app(replace(settings, trusted_proxies=hops))
    assert _address(app, "203.0.113.9, 198.51.100.7") == expected
