"""Pages for the payer: where one pays, and where one sees how it ended."""
