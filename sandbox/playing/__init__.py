"""Plays scenarios against a whole sandbox in memory: no socket, no waiting, a stopped clock."""
