"""Members taking along what is theirs, and leaving."""
