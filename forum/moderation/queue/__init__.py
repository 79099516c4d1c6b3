"""What moderators must decide: review items and why each is there."""
