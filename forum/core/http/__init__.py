"""The edge of a request: problems, transactions, conditional answers and headers."""
