"""SNAP BI: QRIS and virtual accounts at banks that speak Indonesia's open API standard."""
