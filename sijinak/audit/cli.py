"""The auditors' commands: hand out what another program checks."""

import click

from sijinak.audit.verifying.cli import verify
from sijinak.audit.verifying.export_cli import export, proof


@click.group("audit")
def audit() -> None:
    """The log of what happened: export it, prove a number."""


audit.add_command(verify)
audit.add_command(export)
audit.add_command(proof)
