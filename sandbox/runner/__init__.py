"""The tasks that take what is due from the agendas and send it."""
