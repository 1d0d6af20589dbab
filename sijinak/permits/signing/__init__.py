"""The papers of a permit: rendered, signed, kept, and proved by their QR."""
