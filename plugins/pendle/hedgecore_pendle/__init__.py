"""Stub while others are written."""
