"""The aiohttp application: platform calls, control API and pages, between wire and commands."""
