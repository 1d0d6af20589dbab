"""What lies with an application: documents, papers of other offices, requests for more days."""
