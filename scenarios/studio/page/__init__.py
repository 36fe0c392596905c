"""The page of the studio: what stands on it, and what happens when something on it is used."""
