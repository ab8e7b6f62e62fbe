"""How answers are held, labelled and shown."""
