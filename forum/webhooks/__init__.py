"""Addresses of other programs that are told what happens (Standard Webhooks 1.0)."""
