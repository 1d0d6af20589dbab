"""Between HTTP and the features."""
