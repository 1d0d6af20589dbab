"""The port to those who move money, and the adapters that come with us."""
