"""The decision brief: the report on two pages of paper, or on slides, for whoever decides."""
