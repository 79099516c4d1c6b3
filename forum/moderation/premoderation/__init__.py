"""Whose texts wait for a moderator before anybody else reads them."""
