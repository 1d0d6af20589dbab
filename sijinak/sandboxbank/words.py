"""What the bank's few pages say, in Indonesian and in English."""

from collections.abc import Mapping

LANGUAGES = ("id", "en")
_WORDS: dict[str, tuple[str, str]] = {
    "bank": ("Bank Uji", "Sandbox bank"),
    "play": (
        "Uang mainan: di sini tidak ada uang sungguhan yang bergerak.",
        "Play money: nothing real moves here.",
    ),
    "phone": ("Ponsel Anda", "Your phone"),
    "knobs": ("Gangguan", "Faults"),
    "account": ("Rekening dinas", "The office's account"),
    "open": ("Yang bisa dibayar", "What can be paid"),
    "none": (
        "Belum ada. Mulailah pembayaran di SiJINAK, lalu muat ulang halaman ini.",
        "Nothing yet. Start a payment in SiJINAK, then load this page again.",
    ),
    "over": ("Sudah selesai", "Over"),
    "scan": ("Isi QR atau nomor virtual account", "Text of a QR, or a virtual account number"),
    "next": ("Lanjut", "Go on"),
    "not_found": (
        "Kode ini tidak dikenal. Salin seluruh isi QR atau seluruh nomornya.",
        "This code is not known. Copy the whole text of the QR, or the whole number.",
    ),
    "to": ("Kepada", "To"),
    "amount": ("Jumlah", "Amount"),
    "until": ("Bayar sebelum", "Pay before"),
    "ended": ("Berakhir", "Ended"),
    "reference": ("Nomor rujukan", "Reference"),
    "pay": ("Bayar", "Pay"),
    "less": ("Bayar kurang Rp 1.000", "Pay Rp 1,000 less"),
    "more": ("Bayar lebih Rp 1.000", "Pay Rp 1,000 more"),
    "twice": ("Bayar dua kali", "Pay twice"),
    "late": ("Bayar walau terlambat", "Pay although it is late"),
    "expire": ("Biarkan kedaluwarsa sekarang", "Let it expire now"),
    "reverse": ("Tarik kembali uangnya", "Take the money back"),
    "trouble": ("Buat masalah", "Make trouble"),
    "paid": ("Terbayar", "Paid"),
    "came": ("Uang yang bergerak", "Money that moved"),
    "reversed": ("ditarik kembali", "taken back"),
    "back": ("Kembali", "Back"),
    "soon": (
        "Pembayaran akan masuk setelah kodenya kedaluwarsa.",
        "The payment will go through after the code has expired.",
    ),
    "no-expired": ("Kode ini sudah kedaluwarsa.", "This code has expired."),
    "no-paid": ("Sudah dibayar.", "It is paid already."),
    "no-cancelled": ("Sudah dibatalkan penjual.", "The merchant called it back."),
    "no-unknown": ("SiJINAK tidak mengenal nomor ini.", "SiJINAK does not know this number."),
    "no-amount": ("SiJINAK menolak jumlahnya.", "SiJINAK refused the amount."),
    "state-open": ("menunggu", "waiting"),
    "state-paid": ("terbayar", "paid"),
    "state-cancelled": ("dibatalkan", "called back"),
    "state-expired": ("kedaluwarsa", "expired"),
    "knobs_why": (
        "Pilih apa yang sengaja dibuat salah. Dua angka terakhir jumlah juga memilih satu.",
        "Choose what goes wrong on purpose. The last two digits of an amount choose one, too.",
    ),
    "knob-reject": ("Pesanan ditolak", "The order is refused"),
    "knob-answer_lost": (
        "Pesanan diterima, jawabannya hilang",
        "The order is taken, the answer is lost",
    ),
    "knob-request_lost": ("Permintaan hilang di jalan", "The request is lost on the way"),
    "knob-short": ("Dibayar kurang satu rupiah", "One rupiah less is paid"),
    "knob-twice": ("Dibayar dua kali", "Paid twice"),
    "knob-late": ("Dibayar setelah kedaluwarsa", "Paid after it expired"),
    "knob-over": ("Dibayar lebih satu rupiah", "One rupiah more is paid"),
    "knob-currency": ("Dibayar dengan ringgit", "Paid in ringgit"),
    "knob-bad_signature": ("Pemberitahuan bertanda tangan salah", "Notices are signed wrongly"),
    "knob-stale": ("Pemberitahuan bercap waktu dua jam lalu", "Notices are stamped two hours ago"),
    "knob-other_nmid": ("QR milik penjual lain", "The QR names another merchant"),
    "knob-other_amount": ("QR berisi jumlah lain", "The QR says another amount"),
    "knob-reversed": ("Uang ditarik kembali setelah dibayar", "The money is taken back"),
    "knob-slow": ("Menjawab satu huruf per detik", "Answers one byte a second"),
    "knob-down": ("Bank tidak melayani (503)", "The bank is down (503)"),
    "knob-duplicate": (
        "Pesanan diterima, tetapi disebut ganda",
        "An order is taken, but called a duplicate",
    ),
    "knob-five_times": ("Pemberitahuan yang sama lima kali", "The same notice five times"),
    "knob-reordered": ("Urutan pemberitahuan terbalik", "Notices in another order"),
    "knob-silent": ("Tidak memberi tahu sama sekali", "No notices at all"),
    "knob-symmetric_notices": (
        "Pemberitahuan ditandatangani dengan rahasia",
        "Notices are signed with the secret",
    ),
    "knob-by_amount": (
        "Dua angka terakhir jumlah memilih gangguan",
        "The last two digits choose a fault",
    ),
    "knob-autopay": (
        "Terbayar sendiri setelah … detik (0: tidak)",
        "Pays itself after … seconds (0: never)",
    ),
    "knob-validity": (
        "Kode berlaku … detik (0: sesuai permintaan)",
        "Codes live … seconds (0: as asked)",
    ),
    "knob-late_seconds": ("Terlambat … detik", "Late by … seconds"),
    "knob-reversed_seconds": ("Ditarik kembali setelah … detik", "Taken back after … seconds"),
    "knob-settle_days": ("Masuk rekening setelah … hari", "Settled after … days"),
    "knob-fee_permille": ("Potongan per seribu", "Fee in a thousand"),
    "save": ("Simpan", "Save"),
    "reset": ("Kembalikan semua", "Put all back"),
    "statements": ("Rekening koran", "Statements"),
    "deposit": ("Setor tunai ke rekening dinas", "Pay cash into the office's account"),
    "slip": ("Nomor STS", "Number of the slip (STS)"),
    "nothing": ("Belum ada mutasi.", "Nothing was booked yet."),
}


def words(language: str) -> Mapping[str, str]:
    place = LANGUAGES.index(language) if language in LANGUAGES else 0
    return {name: both[place] for name, both in _WORDS.items()}
