"""Shapes of moderation."""
