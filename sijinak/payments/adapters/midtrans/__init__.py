"""Midtrans Core API: QRIS and virtual accounts through a gateway."""
