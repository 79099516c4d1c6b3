"""What moderators may do to all content."""
