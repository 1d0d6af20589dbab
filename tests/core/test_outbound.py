"""The one way out: whom it may reach, and how long it waits."""

import ast
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from sijinak.core.outbound import Limits, NoAnswer, NotSent, Outbound, is_global

NOT_GLOBAL = [
    "0.0.0.0",  # noqa: S104 - nobody listens there: it must not be called
    "0.0.0.1", "10.0.0.1", "10.255.255.255", "100.64.0.1", "127.0.0.1", "127.1.2.3",
    "169.254.169.254", "172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.2.1", "192.88.99.1",
    "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "224.0.1.1",
    "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1",
    "::ffff:8.8.8.8", "::7f00:1", "::8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:0:53aa:64c:0:5efe:7f00:1", "2001:db8::1",
    "2002:7f00:1::1", "2002:808:808::1", "2001:10::1", "2001:20::1", "2400:cb00::5efe:7f00:1",
    "2400:cb00::200:5efe:a00:1", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
]  # fmt: skip
GLOBAL = ["8.8.8.8", "1.1.1.1", "103.10.64.1", "2400:cb00::1", "2606:4700:4700::1111"]
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Who: bank\r\n\r\nok"
QUICK = Limits(connect=0.5, total=1.0, largest=20_000)


@pytest.fixture
def spied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every address that anybody connects to; nothing leaves this machine."""
    seen: list[str] = []
    connect = socket.socket.connect

    def spy(self: socket.socket, address: Any) -> None:
        seen.append(address[0])
        if address[0] != "127.0.0.1":
            raise ConnectionRefusedError(f"the spy stops {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", spy)
    return seen


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let names lead to these addresses, one after the other at each look-up."""

    def lead(*addresses: str) -> list[str]:
        asked: list[str] = []

        def look(host: str, port: int, **_: object) -> list[Any]:
            asked.append(host)
            address = addresses[min(len(asked), len(addresses)) - 1]
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

        monkeypatch.setattr(socket, "getaddrinfo", look)
        return asked

    return lead


@contextmanager
def serving(*speak: Callable[[socket.socket], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads a request and then speaks, once for each connection."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(5)

        def serve() -> None:
            for words in speak:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    try:
                        heard.append(line.recv(65536))
                        words(line)
                    except OSError:
                        continue

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
        listener.close()


@pytest.mark.parametrize("url", ["http://bank.example", "bank.example", "", "ftp://bank.example"])
def test_an_address_of_the_settings_is_looked_at_at_once(url: str):
    with pytest.raises(ValueError, match=r"https|no address"):
        Outbound([url], ["other.example"])


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    return lambda line: line.sendall(answer)


def inside(url: str, limits: Limits = QUICK) -> Outbound:
    return Outbound([url], ["127.0.0.1"], limits)


@pytest.mark.parametrize("address", NOT_GLOBAL)
def test_nobody_is_reached_at_an_address_that_is_not_public(
    address: str, spied: list[str], named: Callable[..., list[str]]
):
    named(address)
    with pytest.raises(NotSent, match="not public"):
        Outbound(["https://bank.example"]).send("GET", "https://bank.example/", {})
    assert spied == []


def test_the_list_is_long_enough():
    assert len(NOT_GLOBAL) >= 40
    assert not any(map(is_global, NOT_GLOBAL))
    assert all(map(is_global, GLOBAL))
    assert not is_global("bank.example")


@pytest.mark.parametrize("address", GLOBAL)
def test_the_address_that_was_judged_is_the_one_that_is_reached(
    address: str, spied: list[str], named: Callable[..., list[str]]
):
    """A resolver that answers otherwise the second time finds nobody who asks."""
    asked = named(address, "127.0.0.1", "169.254.169.254")
    with pytest.raises(NotSent, match="the spy stops"):
        Outbound(["https://bank.example"]).send("GET", "https://bank.example/", {})
    assert (asked, spied) == (["bank.example"], [address])


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example/",  # not internal: no plain HTTP
        "https://bank.example:8443/",
        "https://other.example/",
        "https://bank.example.evil.example/",
        "https://user:pw@bank.example/",
        "https://bank.example@evil.example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://[::1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://bänk.example/",
        "https://bank.example:99999/",
        "https://[bad/",
        "ftp://bank.example/",
        "file:///etc/passwd",
        "bank.example",
        "",
        "https:///x",
    ],
)
def test_nobody_is_reached_whom_the_settings_do_not_name(
    url: str, spied: list[str], named: Callable[..., list[str]]
):
    asked = named("8.8.8.8")
    with pytest.raises(NotSent):
        Outbound(["https://bank.example/snap"]).send("GET", url, {})
    assert (asked, spied) == ([], [])


@pytest.mark.parametrize(
    ("method", "path", "head"),
    [
        ("GET\r\nX: y", "/", {}),
        ("GET", "/a b", {}),
        ("GET", "/é", {}),
        ("GET", "/", {"X-A": "1\r\nX-B: 2"}),
        ("GET", "/", {"X-A: 1\r\nX-B": "2"}),
        ("GET", "/", {"X-A": "é"}),
    ],
)
def test_nothing_breaks_out_of_a_request(method: str, path: str, head: dict[str, str]):
    with pytest.raises(NotSent):
        inside("http://127.0.0.1:9").send(method, f"http://127.0.0.1:9{path}", head)


def test_an_answer_is_an_answer_whatever_its_status():
    for status in (b"200 OK", b"404 Not Found", b"503 Busy"):
        with serving(saying(ANSWER.replace(b"200 OK", status))) as (url, heard):
            answer = inside(url).send("POST", f"{url}/a?b=c", {"X-Sign": "1"}, b"{}")
        assert (answer.status, answer.body) == (int(status[:3]), b"ok")
        assert answer.headers["x-who"] == "bank"
        assert heard[0].startswith(b"POST /a?b=c HTTP/1.1\r\n")
        assert b"\r\nX-Sign: 1\r\n\r\n{}" in heard[0]
        assert f"\r\nHost: {url.removeprefix('http://')}\r\n".encode() in heard[0]


def test_a_chunked_answer_is_put_together():
    text = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n"
    with serving(saying(text)) as (url, _):
        assert inside(url).send("GET", url, {}).body == b"ok"


def test_a_redirect_is_not_followed(spied: list[str]):
    to = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    with serving(saying(to)) as (url, heard):
        assert inside(url).send("GET", url, {}).status == 302
    assert spied == ["127.0.0.1"]
    assert len(heard) == 1


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with serving(saying(ANSWER)) as (url, _):
        assert inside(url).send("GET", url, {}).status == 200


def drip(line: socket.socket) -> None:
    for byte in ANSWER:
        line.sendall(bytes([byte]))
        time.sleep(0.1)


def drip_the_body(line: socket.socket) -> None:
    line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    drip(line)


@pytest.mark.parametrize("words", [drip, drip_the_body, lambda _: time.sleep(8)])
def test_the_whole_call_has_one_deadline(words: Callable[[socket.socket], None]):
    began = time.monotonic()
    with serving(words) as (url, _):
        with pytest.raises(NoAnswer):
            inside(url).send("GET", url, {})
        assert 0.9 < time.monotonic() - began < 4


HUGE = {
    "announced": b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nx",
    "said": b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 30_000,
    "chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\nx",
    "chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 9000,
    "head": b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"x" * 30_000 + b"\r\n\r\n",
    "continues": b"HTTP/1.1 100 Continue\r\n\r\n" * 5000,
}


@pytest.mark.parametrize("words", HUGE)
def test_a_huge_answer_is_not_taken(words: str):
    with serving(saying(HUGE[words])) as (url, _), pytest.raises(NoAnswer):
        inside(url).send("GET", url, {})


BROKEN = {
    "nothing": b"",
    "half a head": b"HTTP/1.1 200 OK\r\nContent-",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    "no HTTP": b"SSH-2.0-bank\r\n\r\n",
    "a strange status": b"HTTP/1.1 2OO OK\r\n\r\n",
}


@pytest.mark.parametrize("words", BROKEN)
def test_a_broken_answer_is_none(words: str):
    with serving(saying(BROKEN[words])) as (url, _), pytest.raises(NoAnswer):
        inside(url).send("GET", url, {})


def test_who_refuses_was_sent_nothing():
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(NotSent, match="refused"):
        inside(url).send("GET", url, {})


def test_who_has_no_address_was_sent_nothing(monkeypatch: pytest.MonkeyPatch):
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(8, "nobody knows")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NotSent, match="nobody knows"):
        Outbound(["https://bank.example"]).send("GET", "https://bank.example/", {})


def test_a_resolver_that_sleeps_does_not_hold_us(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(8))
    began = time.monotonic()
    with pytest.raises(NotSent, match="nobody says"):
        Outbound(["https://bank.example"], limits=QUICK).send("GET", "https://bank.example/", {})
    assert time.monotonic() - began < 4


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for a name, and who trusts it."""
    key, moment = generate_private_key(SECP256R1()), datetime.now(UTC)
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(moment - timedelta(days=1))
        .not_valid_after(moment + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pkcs8 = PrivateFormat.PKCS8
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(Encoding.PEM, pkcs8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    )
    return file, ssl.create_default_context(cadata=made.public_bytes(Encoding.PEM).decode())


@contextmanager
def serving_tls(file: Path) -> Iterator[tuple[int, list[str]]]:
    """A server with a certificate that notes whom it was asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    asked: list[str] = []
    context.sni_callback = lambda _, name, __: asked.append(name)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            line, _ = listener.accept()
            try:
                with context.wrap_socket(line, server_side=True) as safe:
                    asked.append(safe.recv(4096).decode().split("\r\n")[1])
                    safe.sendall(ANSWER)
            except OSError:
                line.close()

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1], asked


def test_the_name_is_shown_and_the_certificate_is_that_of_the_name(
    tmp_path: Path, named: Callable[..., list[str]]
):
    file, trusting = certificate(tmp_path, "bank.example")
    with serving_tls(file) as (port, asked):
        named("127.0.0.1")
        url = f"https://bank.example:{port}"
        answer = Outbound([url], ["bank.example"], QUICK, trusting).send("GET", url, {})
    assert answer.body == b"ok"
    assert asked == ["bank.example", f"Host: bank.example:{port}"]


@pytest.mark.parametrize("name", ["other.example", "bank.example"])
def test_who_cannot_prove_the_name_was_sent_nothing(
    name: str, tmp_path: Path, named: Callable[..., list[str]]
):
    file, known = certificate(tmp_path, name)
    trusting = known if name == "other.example" else None  # nobody vouches for the right one
    with serving_tls(file) as (port, asked):
        named("127.0.0.1")
        url = f"https://bank.example:{port}"
        way = Outbound([url], ["bank.example"], QUICK, trusting)
        with pytest.raises(NotSent, match="certificate"):
            way.send("GET", url, {})
    assert asked in ([], ["bank.example"])


def test_a_handshake_that_never_ends_was_sent_nothing(named: Callable[..., list[str]]):
    with serving(lambda _: time.sleep(8)) as (url, _):
        named("127.0.0.1")
        safe = url.replace("http://127.0.0.1", "https://bank.example")
        began = time.monotonic()
        with pytest.raises(NotSent):
            Outbound([safe], ["bank.example"], QUICK).send("GET", safe, {})
        assert time.monotonic() - began < 4


def test_nothing_else_opens_a_connection():
    """Whoever needs the network goes out through core/outbound.py; the sandbox bank is no part."""
    package = Path(__file__).parents[2] / "sijinak"
    openers = {"socket", "urllib.request", "http.client", "requests", "httpx", "urllib3", "aiohttp"}
    found = {
        path.relative_to(package).parts
        for path in package.rglob("*.py")
        if openers & set(imported(path.read_text()))
    }
    assert {parts for parts in found if parts[0] != "sandboxbank"} == {("core", "outbound.py")}


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)
