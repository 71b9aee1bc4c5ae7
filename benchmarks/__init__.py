"""How fast the sandbox is, beside a bare aiohttp server, on one machine in one run."""
