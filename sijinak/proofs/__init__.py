"""The log's checkpoints, and proofs of what stands in it."""
