"""What was raised by month and year, for the office and for BPKAD."""
