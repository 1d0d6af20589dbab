"""Animals that may be registered twice: found by rules, compared, merged, unmerged."""
