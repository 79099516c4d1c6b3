"""Conversations started below a post."""
