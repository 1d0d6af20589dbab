"""Lists to take away, each an event."""
