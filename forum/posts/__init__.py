"""The articles the community talks about."""
