"""The bank as an application of its own, and the server it answers with."""

import logging
from urllib.parse import urlsplit

from flask import Flask, Response, abort, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from sijinak.sandboxbank import account_pages, faults, phone
from sijinak.sandboxbank.desk import Bank
from sijinak.sandboxbank.house import LOOPBACK, House
from sijinak.sandboxbank.midtrans_api import midtrans_api
from sijinak.sandboxbank.snap_api import snap_api
from sijinak.sandboxbank.wallet_api import wallet_api
from sijinak.shipped import shipped

LARGEST = 64 * 1024
POLICY = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'"


class _Quiet(WSGIRequestHandler):
    def log_request(self, *_: object) -> None:
        """A line for each request says nothing to a newcomer."""


def create_bank(house: House) -> tuple[Flask, Bank]:
    bank = Bank(house)
    app = Flask(__name__, template_folder=str(shipped("templates")))
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.extensions["bank"] = bank
    for api in (snap_api, midtrans_api, wallet_api):
        app.register_blueprint(api(bank))
    for pages in (phone, faults, account_pages):
        app.register_blueprint(pages.bp)
    app.before_request(_only_from_here)
    app.after_request(_guarded)
    return app, bank


def server_of(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Not granian: a bank that hangs up needs the socket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    return make_server(host, port, app, threaded=True, request_handler=_Quiet)


def _only_from_here() -> None:
    """No page of another site plays with the bank, and no other name leads to it."""
    if urlsplit(f"//{request.host}").hostname not in LOOPBACK:
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403)


def _guarded(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cache-Control"] = "no-store"
    return response
