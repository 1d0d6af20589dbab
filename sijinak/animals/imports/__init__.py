"""Village lists of livestock, CSV or XLSX: rehearsed, then taken in whole or not at all."""
