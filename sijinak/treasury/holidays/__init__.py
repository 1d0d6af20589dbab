"""The office's own table of days off, and the working days it leaves."""
