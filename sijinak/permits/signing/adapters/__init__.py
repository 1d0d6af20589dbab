"""Who signs the PDF: a key of the office in a file, or the national service."""
