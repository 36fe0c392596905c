"""A world of three countries and three industries, made up, written by hand in the layout of each inter-country set.

What the Netherlands take and make, worked by hand from the numbers below (millions):

    supply    minerals  20 home, 10 DEU, 19 - 3 = 16 CHN      electronics 100, 30, 60      machinery 200, 90, 30
    inputs    minerals into (4, 16, 14)     electronics into (1, 36, 23)      machinery into (3, 10, 47)
    final     10, 90, 170         exports 2, 40, 90
    in all    46 = 20 + 26        190 = 100 + 90        320 = 200 + 120
"""

import json
from pathlib import Path

import numpy as np

COUNTRIES = ("NLD", "DEU", "CHN")
INDUSTRIES = ("B07_08", "C26", "C28")

# rows NLD, DEU, CHN by three industries; columns the same
USE = np.array(
    [
        [2, 4, 4, 0, 1, 1, 0, 0, 0],
        [1, 10, 9, 0, 5, 10, 0, 5, 0],
        [2, 4, 14, 0, 0, 20, 0, 0, 10],
        [1, 2, 2, 5, 10, 20, 0, 0, 0],
        [0, 6, 4, 1, 30, 40, 0, 10, 9],
        [1, 4, 25, 2, 20, 60, 3, 15, 10],
        [1, 10, 8, 2, 10, 20, 30, 60, 60],
        [0, 20, 10, 0, 30, 20, 5, 200, 100],
        [0, 2, 8, 1, 5, 30, 10, 50, 200],
    ],
    dtype=float,
)
# consumption and change of stocks of each country: the Netherlands use up 5 of minerals from China that they had stored
FINAL = np.array(
    [
        [8, 0, 0, 0, 0, 0],
        [40, 0, 10, 0, 10, 0],
        [80, 10, 40, 0, 20, 0],
        [5, 0, 10, 0, 0, 0],
        [20, 0, 60, 0, 20, 0],
        [60, 0, 250, 0, 50, 0],
        [2, -5, 2, 0, 50, 0],
        [30, 0, 50, 0, 135, 0],
        [20, 0, 40, 0, 434, 0],
    ],
    dtype=float,
)
OUTPUT = np.array([20, 100, 200, 55, 200, 500, 250, 600, 800], dtype=float)

SUPPLY = {
    ("b07_08", "NLD"): 0.020,
    ("b07_08", "DEU"): 0.010,
    ("b07_08", "CHN"): 0.016,
    ("c26", "NLD"): 0.100,
    ("c26", "DEU"): 0.030,
    ("c26", "CHN"): 0.060,
    ("c28", "NLD"): 0.200,
    ("c28", "DEU"): 0.090,
    ("c28", "CHN"): 0.030,
}
"""Supply of the Dutch package, billions."""


def icio(path: Path, use: np.ndarray = USE, final: np.ndarray = FINAL) -> Path:
    """The table as the OECD writes it, with rows of taxes, value added and output, and a column of output."""
    rows = [f"{country}_{industry}" for country in COUNTRIES for industry in INDUSTRIES]
    finals = [f"{country}_{kind}" for country in COUNTRIES for kind in ("HFCE", "INVNT")]
    output = use.sum(axis=1) + final.sum(axis=1)
    cells = np.column_stack([use, final, output])
    lines = [",".join(["V1", *rows, *finals, "OUT"])]
    lines += [",".join([row, *(f"{cell:g}" for cell in own)]) for row, own in zip(rows, cells, strict=True)]
    value_added = output - use.sum(axis=0)
    for name, own in (("TLS", 0 * output), ("VA", value_added), ("OUT", output)):
        lines.append(",".join([name, *(f"{cell:g}" for cell in own), *["0"] * len(finals), ""]))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def split_china(path: Path) -> Path:
    """The same as an extended table: China in two parts, a quarter and three quarters of every cell."""
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    wide = []
    for row in rows:
        cells = []
        for label, cell in zip(rows[0], row, strict=True):
            if label.startswith("CHN_C") or label.startswith("CHN_B"):
                cells += _parts(cell)
            else:
                cells.append([cell])
        wide.append(cells)
    order: list[list[str]] = []
    for row in wide:
        own = [cell for part in row for cell in part]
        if row[0][0].startswith("CHN_"):
            for name, share in (("CN1", 0.25), ("CN2", 0.75)):
                order.append([f"{name}_{row[0][0][4:]}", *(f"{float(cell) * share:g}" for cell in own[1:])])
        else:
            order.append(own)
    path.write_text("\n".join(",".join(row) for row in order) + "\n", "utf-8")
    return path


def _parts(cell: str) -> list[list[str]]:
    if cell.startswith("CHN_"):
        return [[f"CN1{cell[3:]}", f"CN2{cell[3:]}"]]
    return [[f"{float(cell) * 0.25:g}", f"{float(cell) * 0.75:g}"]]


def exiobase(folder: Path, rest: bool = False) -> Path:
    """The table as EXIOBASE writes it: A, Y, x and unit, alpha-2 codes; with `rest` China is the rest of Asia, WA."""
    folder.mkdir(parents=True)
    places = ["NL", "DE", "WA" if rest else "CN"]
    sectors = ["Minerals, other", "Radio and communication equipment (32)", "Machinery n.e.c. (29)"]
    labels = [(place, sector) for place in places for sector in sectors]
    finals = [(place, kind) for place in places for kind in ("Final consumption", "Changes in inventories")]
    for name, columns, cells in (("A.txt", labels, USE / OUTPUT), ("Y.txt", finals, FINAL)):
        second = "category" if name == "Y.txt" else "sector"
        head = ["\t".join(["region", "", *(place for place, _ in columns)])]
        head.append("\t".join([second, "", *(kind for _, kind in columns)]))
        head.append("\t".join(["region", "sector", *[""] * len(columns)]))
        rows = ["\t".join([*label, *map(repr, own.tolist())]) for label, own in zip(labels, cells, strict=True)]
        (folder / name).write_text("\n".join(head + rows) + "\n", "utf-8")
    made = ["\t".join([*label, repr(own)]) for label, own in zip(labels, OUTPUT.tolist(), strict=True)]
    (folder / "x.txt").write_text("\n".join(["region\tsector\tindout", *made]) + "\n", "utf-8")
    layout = {"nr_index_col": "2", "nr_header": "2"}
    files = {name: {"name": f"{name}.txt", **layout} for name in ("A", "Y")}
    files |= {name: {"name": f"{name}.txt", **layout, "nr_header": "1"} for name in ("x", "unit")}
    parameters = {"name": "IO System", "systemtype": "IOSystem", "files": files}
    (folder / "file_parameters.json").write_text(json.dumps(parameters), "utf-8")
    units = ["\t".join([*label, "M.EUR"]) for label in labels]
    (folder / "unit.txt").write_text("\n".join(["region\tsector\tunit", *units]) + "\n", "utf-8")
    return folder


def wiod_rows() -> list[list[object]]:
    """The sheet as WIOD writes it, releases of 2013 and 2016 alike: four rows and columns of labels, totals below.

    Industries are c33 to c35, since pymrio ends them with c35.
    """
    names = {"B07_08": "Mining", "C26": "Electronics", "C28": "Machinery"}
    kinds = [("CONS_h", "Final consumption expenditure by households"), ("INVEN", "Changes in inventories")]
    heads: list[list[object]] = [
        [code, names[code], country, f"c{at + 33}"] for country in COUNTRIES for at, code in enumerate(INDUSTRIES)
    ]
    heads += [[code, words, country, f"c{at + 37}"] for country in COUNTRIES for at, (code, words) in enumerate(kinds)]
    heads.append(["GO", "Total output", "TOT", "c43"])
    meta = ["Intercountry Input-Output Table, 2011", "", "(industry-by-industry)", "(millions of US$)", "", ""]
    sheet: list[list[object]] = [[meta[0], "", "", "", *[""] * len(heads)], ["", "", "", "", *[""] * len(heads)]]
    sheet += [[meta[at + 2] if at < 2 else "", "", "", "", *(head[at] for head in heads)] for at in range(4)]
    for at, head in enumerate(heads[: len(OUTPUT)]):
        cells = [*USE[at].tolist(), *FINAL[at].tolist(), OUTPUT[at]]
        sheet.append([head[0], head[1], head[2], f"c{at % 3 + 33}", *cells])
    below = [
        ("II_fob", "Total intermediate consumption", USE.sum(axis=0)),
        ("VA", "Value added", OUTPUT - USE.sum(axis=0)),
    ]
    below.append(("GO", "Output at basic prices", OUTPUT))
    for at, (code, words, cells) in enumerate(below):
        sheet.append([code, words, "TOT", f"r{60 + at}", *cells.tolist(), *[0.0] * 7])
    return sheet
