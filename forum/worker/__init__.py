"""Work that happens outside requests."""
