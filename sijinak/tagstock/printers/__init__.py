"""Printers, and how each of them shifts and stretches what it prints."""
