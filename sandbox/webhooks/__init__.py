"""What a webhook says, how it is signed, where it may go, and how it is sent once."""
