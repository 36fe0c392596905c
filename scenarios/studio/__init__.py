"""The studio: a chain, its answer and what moves it, in a browser on this machine."""
