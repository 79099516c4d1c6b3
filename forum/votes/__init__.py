"""Votes of members on threads and replies."""
