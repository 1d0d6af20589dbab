"""What adapters are handed: a way out to their own addresses, the clock, their settings, a log."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from sijinak.config import PREFIX, Misconfigured, Settings, value_of
from sijinak.core.clock import now
from sijinak.core.outbound import Outbound
from sijinak.payments.adapters.base import Tools

T = TypeVar("T")
ToolsFor = Callable[[str], Tools]


def tools_for(settings: Settings) -> ToolsFor:
    return lambda name: tools_of(name, settings.of_adapter(name), settings.outbound_internal)


def tools_of(name: str, settings: Mapping[str, str], internal: str = "") -> Tools:
    """An adapter reaches the addresses in those of its settings that are called …url, no others."""
    urls = [text for key, text in settings.items() if key.endswith("url") and text]
    try:
        http = Outbound(urls, internal.split(","))
    except ValueError as error:
        raise Misconfigured(f"{PREFIX}{name.upper()}_…URL: {error}") from error
    log = logging.getLogger(f"sijinak.payments.{name}")
    return Tools(http=http, now=now, settings=settings, log=log)


def settings_as(kind: type[T], name: str, given: Mapping[str, str]) -> T:
    """The adapter's variables as its dataclass; a field without default must be given.

    Raises Misconfigured: one lacks, does not fit, or is one that the adapter does not know.
    """
    known: dict[str, Any] = {f.name: f for f in fields(kind)}  # type: ignore[arg-type]
    prefix = f"{PREFIX}{name.upper()}_"
    lacking = [key for key, f in known.items() if f.default is MISSING and not given.get(key)]
    if strange := [*lacking, *sorted(given.keys() - known.keys())]:
        says = "is needed" if lacking else "is nothing that the adapter knows"
        raise Misconfigured(f"{prefix}{strange[0].upper()} {says}")
    values = {
        key: text
        if known[key].default is MISSING
        else value_of(f"{name}_{key}", text, known[key].default)
        for key, text in given.items()
    }
    return kind(**values)
