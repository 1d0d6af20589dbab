"""The register: animals, their marks, and the identifiers that name them."""
