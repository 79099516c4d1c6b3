"""Asking a service whether a text is spam, before it is published."""
