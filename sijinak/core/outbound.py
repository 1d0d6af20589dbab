"""The one way out: HTTP to the addresses that the settings name, and to nobody else.

A name is looked up once, the address is judged, and that address is connected to; the certificate
is that of the name. No redirect is followed and no proxy asked. Hosts of the office's own network
(a bank over a VPN, a sandbox) must be named as internal: they may be private and speak plain HTTP.
"""

import re
import socket
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

PIECE = 64 * 1024
PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", flags=re.ASCII)
_VALUE = re.compile(r"[\t\x20-\x7e]*", flags=re.ASCII)
_TARGET = re.compile(r"[\x21-\x7e]+", flags=re.ASCII)
_GLOBAL_UNICAST = ip_network("2000::/3")  # the only IPv6 addresses given out (RFC 4291, IANA)
# What Python's table calls global, or does not know yet (RFC 7526, 9637, 9780, 4380, 3056).
_NOT_FOR_US = tuple(
    ip_network(text)
    for text in ("192.88.99.0/24", "3fff::/20", "2001::/23", "2002::/16", "2001:db8::/32")
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # an IPv4 address inside an interface's name (RFC 5214)


class NotSent(Exception):
    """The request did not leave: nobody can have accepted it."""


class NoAnswer(Exception):
    """The request may have left; no whole answer came in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """``headers`` have names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds and bytes; the bytes are of an answer's head and body together."""

    connect: float = 3
    total: float = 10
    largest: int = 1_000_000


class Outbound:
    """``urls`` say whom it may speak to: their scheme, host and port.

    Raises ValueError when one is no address, or is plain HTTP to a host that is not internal.
    """

    def __init__(
        self,
        urls: Iterable[str],
        internal: Iterable[str] = (),
        limits: Limits = Limits(),
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._internal = {host.strip().lower() for host in internal if host.strip()}
        self._origins = {_origin(urlsplit(url)) for url in urls}
        for scheme, host, _ in self._origins:
            if scheme != "https" and host not in self._internal:
                raise ValueError(f"{host} is not internal: only https")
        self._limits = limits
        self._tls = tls

    def send(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> HttpAnswer:
        """Any status is an answer. Raises NotSent or NoAnswer."""
        end = monotonic() + self._limits.total
        try:
            parts = self._judged(url)
            request = _written(method, parts, headers, body)
            sock = self._connected(parts)
        except (OSError, ValueError) as error:
            raise NotSent(f"{type(error).__name__}: {error}") from None
        with sock:
            try:
                _give(sock, request, end)
                return _taken(sock, method, end, self._limits.largest)
            except (OSError, HTTPException, ValueError) as error:
                raise NoAnswer(f"{type(error).__name__}: {error}") from None

    def _judged(self, url: str) -> SplitResult:
        parts = urlsplit(url)
        if parts.username is not None or parts.password is not None:
            raise ValueError("an address with a password in it")
        if _origin(parts) not in self._origins:
            raise ValueError(f"{parts.scheme}://{parts.hostname} is not in the settings")
        return parts

    def _connected(self, parts: SplitResult) -> socket.socket:
        """Everything up to here can be repeated without harm: no word of the request is said."""
        host, end = str(parts.hostname), monotonic() + self._limits.connect
        family, address = _looked_up(host, _port(parts), _left(end))
        if host not in self._internal and not is_global(address[0]):
            raise ValueError(f"{host} has the address {address[0]}, which is not public")
        sock = socket.socket(family)
        try:
            sock.settimeout(_left(end))
            sock.connect(address)
            if parts.scheme != "https":
                return sock
            tls = self._tls or ssl.create_default_context()
            sock.settimeout(_left(end))
            return tls.wrap_socket(sock, server_hostname=host)
        except BaseException:
            sock.close()
            raise


def is_global(address: str) -> bool:
    """Whether an address is a public one of a single machine, and no other one in disguise."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if not ip.is_global or ip.is_multicast or ip.is_reserved or any(ip in n for n in _NOT_FOR_US):
        return False
    return isinstance(ip, IPv4Address) or _is_plain(ip)


def _is_plain(ip: IPv6Address) -> bool:
    """Mapped, compatible, translated (64:ff9b::) and local ones lie outside 2000::/3."""
    return ip in _GLOBAL_UNICAST and int(ip) >> 32 & 0xFFFFFFFF not in _ISATAP and not ip.scope_id


def _origin(parts: SplitResult) -> tuple[str, str, int]:
    if parts.scheme not in PORTS or not parts.hostname or not parts.hostname.isascii():
        raise ValueError(f"{parts.geturl()} is no address of a web server")
    return parts.scheme, parts.hostname, _port(parts)


def _port(parts: SplitResult) -> int:
    return parts.port or PORTS[parts.scheme]


def _looked_up(host: str, port: int, seconds: float) -> tuple[int, tuple[str, int]]:
    """The first address, in a thread: the resolver of the system knows no deadline."""
    found: SimpleQueue[list[Any] | OSError] = SimpleQueue()

    def look() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=look, daemon=True).start()
    try:
        answer = found.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"nobody says where {host} is") from None
    if isinstance(answer, OSError):
        raise answer
    family, *_, address = answer[0]
    return family, (str(address[0]), port)


def _written(method: str, parts: SplitResult, headers: Mapping[str, str], body: bytes) -> bytes:
    """The request, letter for letter: what was signed is what goes out."""
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = {
        "Host": parts.netloc,
        "Connection": "close",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(body)),
        **headers,
    }
    if not _TOKEN.fullmatch(method) or not _TARGET.fullmatch(target):
        raise ValueError("a method or path that breaks the request")
    if not all(_TOKEN.fullmatch(k) and _VALUE.fullmatch(v) for k, v in head.items()):
        raise ValueError("a header that breaks the request")
    lines = [f"{method} {target} HTTP/1.1", *(f"{k}: {v}" for k, v in head.items()), "", ""]
    return "\r\n".join(lines).encode("ascii") + body


def _give(sock: socket.socket, request: bytes, end: float) -> None:
    rest = memoryview(request)
    while rest:
        sock.settimeout(_left(end))
        rest = rest[sock.send(rest) :]


def _taken(sock: socket.socket, method: str, end: float, largest: int) -> HttpAnswer:
    line = _Line(sock, end, largest)
    answer = HTTPResponse(line, method=method)  # type: ignore[arg-type]
    answer.begin()
    if line.ended:
        raise HTTPException("the head broke off")
    wanted, body = answer.length, bytearray()
    while piece := answer.read(PIECE):
        body += piece
    if wanted is not None and len(body) != wanted:
        raise HTTPException("the answer broke off")
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return HttpAnswer(status=answer.status, headers=headers, body=bytes(body))


class _Line(RawIOBase):
    """Reads from a socket until the deadline, however slowly it drips, and so much, no more."""

    def __init__(self, sock: socket.socket, end: float, largest: int) -> None:
        self._sock, self._end, self._room = sock, end, largest
        self.ended = False

    def makefile(self, mode: str) -> BufferedReader:
        """What the parser of answers asks a socket for."""
        assert mode == "rb"  # noqa: S101
        return BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._sock.settimeout(_left(self._end))
        count = self._sock.recv_into(buffer)
        self.ended = count == 0
        self._room -= count
        if self._room < 0:
            raise OSError("the answer is too long")
        return count


def _left(end: float) -> float:
    seconds = end - monotonic()
    if seconds <= 0:
        raise TimeoutError("the time is up")
    return seconds
