"""Scenarios: what a test wants to happen, read from YAML and kept as plain records."""
