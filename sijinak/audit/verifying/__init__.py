"""How the log and the rows are compared, and what is handed to an auditor."""
