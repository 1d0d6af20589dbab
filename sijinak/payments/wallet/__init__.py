"""Wallets of traders: money paid ahead, spent on our own bills only. Off unless the office says."""
