"""One synchronous step: a command and an instant in, the records that changed out."""
