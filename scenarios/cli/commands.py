"""The command that checks a package."""

from scenarios.cli.app import Json, Packages, Wide, app, warn
from scenarios.cli.standard_output import print_json, show

__all__: list[str] = []


@app.command(epilog="Example: tierwise validate my/package")
def validate(packages: Packages, wide: Wide = False, as_json: Json = False) -> None:
    """Say every problem of a package, or what it holds."""
    from chains import InputError, load
    from optimize.solving.evaluation import Evaluator
    from optimize.solving.options import RiskOptions

    try:
        chain = load(*packages)
        Evaluator(chain, RiskOptions()).check_supply()
    except InputError as error:
        if as_json:
            print_json({"valid": False, "problems": [vars(problem) for problem in error.problems]})
        raise
    if as_json:
        from scenarios.documents.firms import firms_document

        counted = chain.status_counts()
        counts = counted.to_dict(orient="index")
        shares = counted.div(counted.sum(axis=1), axis=0).to_dict(orient="index")
        warnings = [vars(warning) for warning in chain.warnings]
        found = {"warnings": warnings, "evidence": counts, "shares": shares, "periods": chain.periods}
        print_json({"valid": True, "problems": [], **found, **firms_document(chain)})
        return
    from scenarios.terminal.package import validate_view

    warn(chain)
    show(validate_view(chain), wide=wide)
