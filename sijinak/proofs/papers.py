"""The log as papers bear it, in Indonesian: whoever keeps the paper is its witness."""

from sijinak.config import Settings
from sijinak.core.clock import clock, local
from sijinak.core.money import thousands
from sijinak.core.qr import qr_svg
from sijinak.core.signednote import words_of
from sijinak.core.tlog import LogCheckpoint

SHORT_WORDS = 2
WAITS = (
    "Belum dicakup titik periksa catatan. Cetak lagi satu menit kemudian: ukuran dan kata catatan"
    " akan tercantum di sini."
)
BROKEN = (
    "Catatan tidak cocok dengan titik periksanya. Simpan kertas ini, beri tahu kepala dinas dan"
    " Inspektorat."
)


def log_box(checkpoint: LogCheckpoint | None, settings: Settings) -> dict[str, object]:
    """All of it, with the signed note as a QR code."""
    if checkpoint is None:
        return {"waits": WAITS}
    made = local(checkpoint.made_at).strftime("%d-%m-%Y pukul %H.%M.%S")
    return {
        "waits": "",
        "date": f"{made} {clock.zone}",
        "size": thousands(checkpoint.size),
        "words": words_of(checkpoint.root).split("-"),
        "svg": qr_svg(checkpoint.note, level="M"),
        "url": f"{settings.public_url.rstrip('/').partition('://')[2]}/catatan",
    }


def log_line(checkpoint: LogCheckpoint | None) -> str:
    """So much as fits on a small paper; nothing before the first checkpoint."""
    if checkpoint is None:
        return ""
    words = words_of(checkpoint.root).split("-")[:SHORT_WORDS]
    return f"Catatan tak-terubah {thousands(checkpoint.size)}: {'-'.join(words)}-…"
