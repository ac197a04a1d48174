"""The verbs of `hearth`; each loads only its own room."""

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def about() -> None:
    """Hearth, the supervisory controller of a hash-to-heat plant."""


def main() -> None:
    """Run the verb that the command line names."""
    app()


if __name__ == "__main__":
    main()
