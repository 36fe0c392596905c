"""What a package is: one declaration a table, reading, checking, descriptor, problems, documentation."""
