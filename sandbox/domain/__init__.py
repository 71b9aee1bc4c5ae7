"""What a payment is: states, money, transactions, operations, events, workspace settings."""
