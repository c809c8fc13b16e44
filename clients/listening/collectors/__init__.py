"""The collectors: one file a network. Each is handed its settings, its cursor, the door and the time, and returns values."""
