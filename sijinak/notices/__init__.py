"""Messages that go out: to whom, in which way, and whether they went."""
