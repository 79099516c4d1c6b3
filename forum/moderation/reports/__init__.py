"""Complaints of readers about threads and replies."""
