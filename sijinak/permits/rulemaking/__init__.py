"""The office writes rules: new versions with a look at what they change, ends, withdrawals."""
