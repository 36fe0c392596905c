"""Make the picture of the README from stored results: `python docs/picture.py results/inverted-u docs/inverted-u.html`.

The page it writes was turned into docs/inverted-u.png with a headless browser:
`chromium --headless --window-size=1200,460 --screenshot=docs/inverted-u.png docs/inverted-u.html`.
"""

import sys
from pathlib import Path

from plotly.offline import get_plotlyjs

from scenarios.report.content import report_of
from scenarios.storing import read_results

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>The inverted U</title>
<style>body {{ margin: 0; font-family: system-ui, sans-serif; display: flex; background: #fff }}
div {{ width: 600px }} h1 {{ font-size: 17px; margin: 14px 0 0 24px; color: #1f2933 }}</style>
<script>{script}</script></head><body>
<div><h1>Published: intensities peak midstream</h1><div id="shape"></div></div>
<div><h1>The same money, observed and at least risk</h1><div id="tiers"></div></div>
<script>const charts = {{shape: {shape}, tiers: {tiers}}};
for (const [ident, chart] of Object.entries(charts)) {{
  Plotly.newPlot(ident, chart.data, chart.layout, {{displayModeBar: false}});
}}
</script></body></html>
"""


def main(results: Path, target: Path) -> None:
    """Write the page with the two charts of the robots case side by side."""
    robots = report_of(read_results(results)).sections[0]
    charts = {part.ident.removeprefix("robots-"): part.chart for part in robots.parts}
    for name in ("shape", "tiers"):
        charts[name].update_layout(width=590, height=400, margin={"l": 20, "t": 60})
    drawn = {name: charts[name].to_json() for name in ("shape", "tiers")}
    target.write_text(PAGE.format(script=get_plotlyjs(), **drawn), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
