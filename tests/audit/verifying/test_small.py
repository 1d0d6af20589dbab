"""The comparison starts without the pages, and reads as fast as the drivers."""

import hmac
import subprocess
import sys
from pathlib import Path

import pytest

from sijinak.core.crypto import Mac

HEAVY = {"sijinak.app", "sijinak.commands", "marshmallow", "pyhanko", "typst", "PIL", "aiohttp"}
TOLD = "import sys; from sijinak.cli import main; main(standalone_mode=False); print(*sys.modules)"


def test_the_command_needs_no_pages(tmp_path: Path):
    variables = {"SIJINAK_DATA_DIR": str(tmp_path)}
    for command in (["setup"], ["audit", "verify"]):
        done = subprocess.run(
            [sys.executable, "-c", TOLD, *command], env=variables, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode().splitlines()
    assert said[0].startswith("Catatan dan data cocok: ")
    assert not HEAVY & set(said[-1].split())


@pytest.mark.parametrize("size", [0, 32, 63, 64])
def test_a_digest_under_a_key_is_that_of_the_standard(size: int):
    key, message = bytes(range(100, 100 + size)), b"log:receipts:1:reason"
    assert Mac(key).digest(message) == hmac.digest(key, message, "sha256")


def test_a_key_that_is_longer_than_a_block_is_refused():
    with pytest.raises(ValueError, match="65"):
        Mac(bytes(65))
