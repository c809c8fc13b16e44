"""Pages for a client's people under fire, each behind a link of its own: no account, one act."""
