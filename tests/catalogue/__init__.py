"""What Tierwise says to bad input: each input is made and asked for real, and what is said is written down.

    python -m tests.catalogue > docs/errors.md

`tests/catalogue/inputs.py` has the inputs. Which places in the code make a message, and which of them no input here
reaches, is told at the end of the page.
"""
