"""The plain HTML pages a visitor sees."""
