"""Which path a reply stands for: declarations, ballots, pins and the balance they give."""
