"""What is done about uploads that nobody took in."""

from sijinak.animals.imports.uploads import Uploads
from sijinak.web.settings import settings


def sweep_uploads() -> None:
    """Remove lists that wait for longer than a day: they hold NIKs."""
    Uploads(settings().data_dir).sweep()
