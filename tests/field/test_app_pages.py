"""What the phone app is delivered with: its shell, its worker, its weight."""

import gzip
import json
import re
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sijinak.accounts.models import Role
from sijinak.app import create_app
from sijinak.field.app_pages import CHECKPOINT, FIELD
from sijinak.field.shell import BEFORE, LATER, module_files
from sijinak.web.assets import FOLDER, asset, lean
from tests.factories import LUNYUK, make_user, signed_in

VENDOR = FOLDER / "vendor"
HEAVIEST = 60_000
GZIP = {"Accept-Encoding": "gzip"}


class Reader(FlaskClient):
    """Reads each answer to its end and lets its file go."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        answer = super().open(*args, **kwargs)
        answer.data  # noqa: B018
        answer.close()
        return answer


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    app.test_client_class = Reader
    return app.test_client()


def _value(worker: str, name: str) -> Any:
    found = re.search(rf"^const {name} = (.*);$", worker, re.MULTILINE)
    assert found
    return json.loads(found[1])


def _list(worker: str, name: str) -> list[str]:
    files: list[str] = _value(worker, name)
    return files


def test_the_shell_is_the_same_for_everybody(app: Flask, client: FlaskClient):
    with app.app_context():
        vet = signed_in(app, make_user(Role.VET, LUNYUK, name="drh. Rabiatul"))
    page = vet.get("/lapangan/")
    assert page.data == client.get("/lapangan/").data
    assert "drh. Rabiatul" not in page.text
    assert "csrf" not in page.text


def test_the_shell_speaks_the_chosen_language(client: FlaskClient):
    assert '<html lang="id">' in client.get("/lapangan/").text
    client.set_cookie("bahasa", "en")
    page = client.get("/lapangan/")
    assert '<html lang="en">' in page.text
    assert "Not one of our tags" in page.text


def test_only_the_shell_may_start_workers_and_only_one_worker_may_compile(client: FlaskClient):
    def rule(url: str) -> str:
        return client.get(url).headers["Content-Security-Policy"]

    shell = rule("/lapangan/")
    assert "worker-src 'self'; manifest-src 'self'" in shell
    assert "wasm" not in shell
    assert "unsafe-inline" not in shell
    assert "script-src 'self' 'wasm-unsafe-eval'" in rule("/lapangan/pembaca.js")
    assert "wasm" not in rule(asset("field/scan-worker.js"))
    assert "worker-src" not in rule("/masuk")


def test_the_worker_keeps_the_shell_and_files_that_are_there(client: FlaskClient):
    answer = client.get("/lapangan/sw.js")
    assert answer.headers["Cache-Control"] == "no-cache"
    files = _list(answer.text, "SHELL") + _list(answer.text, "LATER")
    assert files[0] == "/lapangan/"
    assert [url for url in files if client.get(url).status_code != 200] == []
    modules = client.get(_value(answer.text, "MODULES")).json
    own = _value(answer.text, "OWN")
    assert modules
    assert asset("field/views/scan.js") in modules
    assert [path for path in modules if not path.startswith(own)] == []
    assert client.get("/lapangan/modul/000000000000.json").status_code == 404


def test_what_the_scripts_import_is_kept():
    apps = (FIELD, CHECKPOINT)
    modules = (name for app in apps for name in (*module_files(app.entry), *app.later))
    kept = {FOLDER / name for name in (*BEFORE, *modules, *LATER)}
    imports = re.compile(r"""(?:from|import\()\s*["'](\.[^"']+)["']""")
    missing = [
        f"{script.name}: {name}"
        for script in (FOLDER / "field").rglob("*.js")
        for name in imports.findall(script.read_text())
        if not name.endswith("types.js") and (script.parent / name).resolve() not in kept
    ]
    assert missing == []


def test_one_changed_word_is_another_version(client: FlaskClient):
    def version() -> str:
        return client.get("/lapangan/sw.js").text.partition("\n")[0]

    indonesian = version()
    client.set_cookie("bahasa", "en")
    assert version() != indonesian


def test_the_kill_switch_takes_the_worker_away_and_leaves_the_records(app: Flask):
    settings = app.extensions["sijinak.settings"]
    killed = create_app(replace(settings, field_kill_switch=True))
    text = killed.test_client().get("/lapangan/sw.js").text
    assert "registration.unregister()" in text
    for store in ("indexedDB", "localStorage", "storage", "Clear-Site-Data"):
        assert store not in text


def test_the_shell_is_light(client: FlaskClient):
    """What a slow network brings before the first scan, without the decoders."""
    worker = client.get("/lapangan/sw.js").text
    shell = [url for url in _list(worker, "SHELL") if "/vendor/" not in url]
    urls = [*shell, "/lapangan/sw.js", _value(worker, "MODULES")]
    sizes = {}
    for url in urls:
        answer = client.get(url, headers=GZIP)
        assert answer.headers["Content-Encoding"] == "gzip", url
        sizes[url] = len(answer.data)
    assert sum(sizes.values()) <= HEAVIEST, sizes


def test_a_module_without_its_comments_says_the_same_on_the_same_lines():
    assert lean(
        '/** a\n * b */\nconst x = "//";  // y\n  // z\n  f(/** @type {any} */ (x));\n'
    ) == ('\n\nconst x = "//";  // y\n\nf((x));\n')
    for script in (FOLDER / "field").rglob("*.js"):
        text = script.read_text()
        assert lean(text).count("\n") == text.count("\n"), script.name


def test_files_are_squeezed_only_for_those_who_ask(client: FlaskClient):
    url = asset("vendor/zxing_reader.wasm")
    small, plain = client.get(url, headers=GZIP), client.get(url)
    assert gzip.decompress(small.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert small.mimetype == plain.mimetype == "application/wasm"
    for answer in (small, plain):
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert "immutable" in answer.headers["Cache-Control"]
    assert client.get(asset("../config.py"), headers=GZIP).status_code == 404


def test_the_manifest_names_icons_that_are_there(client: FlaskClient):
    manifest = client.get("/lapangan/app.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    said = json.loads(manifest.data)
    assert said["start_url"] == said["scope"] == "/lapangan/"
    assert [i["src"] for i in said["icons"] if client.get(i["src"]).mimetype != "image/png"] == []


def test_the_way_in_is_shown_to_those_who_work_in_the_field(app: Flask):
    with app.app_context():
        vet, cashier = (
            signed_in(app, make_user(role, LUNYUK)) for role in (Role.VET, Role.TREASURER)
        )
    assert 'href="/lapangan/"' in vet.get("/").text
    assert 'href="/lapangan/"' not in cashier.get("/").text


def test_what_others_wrote_is_what_they_wrote():
    listed = json.loads((VENDOR / "MANIFEST.json").read_text())
    digests = {one["file"]: one["sha256"] for one in listed}
    there = {p.name: sha256(p.read_bytes()).hexdigest() for p in VENDOR.glob("*.[jw]*s*")}
    there.pop("MANIFEST.json", None)
    assert there == digests
    for name in {one["name"] for one in listed}:
        assert (VENDOR / f"LICENSE.{name}.txt").is_file()
    assert {one["file"] for one in listed} == {n.removeprefix("vendor/") for n in LATER} | {
        n.removeprefix("vendor/") for n in BEFORE if n.startswith("vendor/")
    }
