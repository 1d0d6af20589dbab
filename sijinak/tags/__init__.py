"""QR labels: their sheets, and what a scan shows an officer."""
