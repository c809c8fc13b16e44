"""One file a network. Each collector is handed its settings, cursor, the door and the time, and returns values."""
