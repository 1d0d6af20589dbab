"""Pictures that people take: made small, without hidden data, kept in the storage."""
