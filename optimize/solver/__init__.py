"""A linear program as arrays, its solution by HiGHS, its certificate, and paths along bases. Knows no chain."""
