"""The mathematics, once: recourse, first stage, response and risk; compiled and stacked over scenarios."""
