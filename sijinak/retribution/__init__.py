"""Tariffs, SKRD and receipts (TBP): what is owed by law, and the proof that it was paid."""
