"""The auditor's desk: one search, samples, working papers."""
