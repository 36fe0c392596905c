"""The command `tierwise`, also as `python -m tierwise`."""

__all__ = ["main"]


def main() -> None:
    """Run the command line; see `scenarios.cli`."""
    from scenarios.cli import main as command

    command()


if __name__ == "__main__":
    main()
