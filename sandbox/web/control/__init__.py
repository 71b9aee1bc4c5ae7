"""The control API under `/__admin`: what a test talks to."""
