"""The command that runs the bank."""

import shlex
import signal
from pathlib import Path

import click

from sijinak.sandboxbank.app import create_bank, server_of
from sijinak.sandboxbank.house import LOOPBACK, House, NotLoopback, settings_of


@click.command("sandbox-bank")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8100, show_default=True)
@click.option(
    "--sijinak", default="http://127.0.0.1:8000", show_default=True, help="Whom it tells."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default="instance/bank",
    show_default=True,
    help="Its keys and its books.",
)
@click.option(
    "--demo-settings",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the variables SiJINAK needs into a file, and end.",
)
def sandbox_bank(
    host: str, port: int, sijinak: str, folder: Path, demo_settings: Path | None
) -> None:
    """Run a bank to try against: QRIS, virtual accounts, a gateway and a wallet of play money."""
    house = _house(host, sijinak, folder)
    lines = [
        f"{name}={shlex.quote(value)}"
        for name, value in settings_of(house, folder, f"http://{host}:{port}").items()
    ]
    if demo_settings is not None:
        house.books.close()
        demo_settings.touch(mode=0o600)
        demo_settings.write_text("\n".join(lines) + "\n")
        click.echo(f"SiJINAK's settings for this bank are in {demo_settings}.")
        return
    click.echo(f"The sandbox bank on http://{host}:{port}: your phone, faults, statements.")
    click.echo("SiJINAK pays here with these settings:")
    click.echo("\n".join(f"  {line}" for line in lines))
    _answer(house, host, port)


def _house(host: str, sijinak: str, folder: Path) -> House:
    if host not in LOOPBACK:
        raise click.ClickException("the bank answers only on this machine: 127.0.0.1")
    try:
        return House.opened(folder, sijinak)
    except NotLoopback as error:
        raise click.ClickException(f"{sijinak} is not on this machine") from error


def _answer(house: House, host: str, port: int) -> None:
    app, bank = create_bank(house)
    server = server_of(app, host, port)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("The bank is closed.")
    finally:
        server.server_close()
        bank.close()


if __name__ == "__main__":
    sandbox_bank()
