"""The sijinak command: what it can do is loaded when it is asked for.

Comparing the log with a million rows starts without the pages and all that they need: that is half
of the memory.
"""

from importlib import import_module
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup, ScriptInfo

COMMANDS = "sijinak.commands"
VERIFY = ["audit", "verify"]


class Commands(FlaskGroup):
    """The command that needs little comes first."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args[: len(VERIFY)] != VERIFY:
            return super().resolve_command(ctx, args)
        small: Any = import_module("sijinak.small")
        info = ctx.ensure_object(ScriptInfo)
        if info.create_app is create_app:
            info.create_app = small.create_app
        return VERIFY[-1], small.verify, args[len(VERIFY) :]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        self._load()
        return super().get_command(ctx, name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load()
        return super().list_commands(ctx)

    def _load(self) -> None:
        for command in import_module(COMMANDS).COMMANDS:
            self.add_command(command)


def create_app() -> Flask:
    made: Flask = import_module("sijinak.app").create_app()
    return made


@click.group(cls=Commands, create_app=create_app, add_default_commands=False)
def main() -> None:
    """Run and look after SiJINAK. Settings are variables that begin with SIJINAK_."""


if __name__ == "__main__":
    main()
