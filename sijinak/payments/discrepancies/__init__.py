"""The queue of what does not match: opened by the engine, ended by two people."""
