"""Answers in a thread, nested under each other."""
