"""Village lists of livestock, as CSV or XLSX: rehearsed first, then taken in whole or not at all."""
