"""What a webhook says, how it is signed, and when it is tried again."""
