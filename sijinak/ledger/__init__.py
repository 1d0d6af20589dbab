"""The books: double entry, never altered, and proven to add up."""
