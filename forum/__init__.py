"""Crossroads: the discussion below career-advice posts."""
