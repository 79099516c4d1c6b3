"""Who people are: members, their sessions and what their names may be."""
