"""How far what we wrote is from what the machine can do. Run ``python -m benchmarks [NAME]``."""
