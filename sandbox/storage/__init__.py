"""Where the records of a workspace are kept."""
