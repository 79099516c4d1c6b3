"""Replies whose path the community cannot agree on."""
