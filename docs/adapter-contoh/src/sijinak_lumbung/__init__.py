"""SiJINAK payments through Lumbung."""
