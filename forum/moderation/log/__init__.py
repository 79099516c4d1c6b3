"""What moderators did: reading it, and taking it back."""
