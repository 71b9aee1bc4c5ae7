"""The platform's own calls: what a merchant's code talks to."""
