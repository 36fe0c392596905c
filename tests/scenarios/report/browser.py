"""A page in Chromium, in a frame so many pixels wide: what overflows, what goes wrong, how charts are saved.

Headless Chromium has a least width of a window, so the page stands in a frame of the width asked for and tells its
measures to the page around it.
"""

import json
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

__all__ = ["CHROMIUM", "measured", "told_by"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)

_WATCH = """<script>
const wrong = [];
addEventListener("error", (event) => wrong.push(String(event.message)));
addEventListener("unhandledrejection", (event) => wrong.push(String(event.reason)));
const told = console.error; console.error = (...words) => { wrong.push(words.join(" ")); told(...words); };
</script>"""
_MEASURE = """
  const root = document.documentElement;
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  for (let n = 0; n < 600 && root.dataset.drawn === undefined; n += 1) await wait(50);
  await wait(300);
  const cut = [];
  for (const chart of document.querySelectorAll(".chart")) {
    const room = chart.getBoundingClientRect();
    for (const text of chart.querySelectorAll("svg.main-svg text")) {
      const box = text.getBoundingClientRect();
      const outside = box.left < room.left - 2 || box.right > room.right + 2;
      if (box.width > 0 && outside) cut.push(chart.id + ": " + text.textContent);
    }
  }
  const wide = [...document.querySelectorAll("main *")]
    .filter((one) => !one.closest(".scroll, svg, .chart"))
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth + 1)
    .map((one) => one.outerHTML.slice(0, 120));
  const first = document.querySelector(".chart"), saved = {};
  for (const format of ["svg", "png"]) saved[format] = (await Plotly.toImage(first, {format})).slice(0, 22);
  const buttons = document.querySelectorAll(".save:not([hidden]) button").length;
  dispatchEvent(new Event("beforeprint"));
  await wait(300);
  const hidden = [];
  for (const chart of document.querySelectorAll(".chart")) {
    const {_size: room, _has: has} = chart._fullLayout;
    const box = chart.querySelector(".legend .bg")?.getBoundingClientRect(), top = chart.getBoundingClientRect().top;
    if (has("cartesian") && box && box.bottom > top + room.t + 2) hidden.push(chart.id + ": by its legend");
    const pale = [...chart.querySelectorAll(".sankey-link")].filter((link) => getComputedStyle(link).opacity !== "1");
    if (pale.length) hidden.push(chart.id + ": " + pale.length + " flows");
  }
  dispatchEvent(new Event("afterprint"));
  const size = {width: root.clientWidth, content: root.scrollWidth};
  return {cut, wide, hidden, saved, buttons, ...size, drawn: Number(root.dataset.drawn)};
"""
_TELL = """<script>
async function measure() {{
{script}
}}
const tell = (found) => parent.postMessage(JSON.stringify(found), "*");
measure().then((told) => tell({{wrong, told}}), (error) => tell({{wrong: [...wrong, String(error)], told: null}}));
</script>"""
_FRAME = """<!doctype html><meta charset="utf-8"><body style="margin:0"><pre id="told"></pre>
<iframe src="{page}" style="width:{width}px;height:1200px;border:0"></iframe>
<script>
addEventListener("message", (event) => {{ document.getElementById("told").textContent = event.data; }});
</script>
"""


def measured(html: str, folder: Path, width: int) -> dict[str, Any]:
    """Measures of a page in a frame of a width in px.

    `wrong`: errors of its scripts; `cut`: texts of charts that leave their chart; `wide`: elements beyond the right
    edge, but for tables that scroll; `hidden`: what cannot be seen of charts as they are printed; `content` against
    `width` in px; `saved`: how a chart begins as SVG and as PNG;
    `drawn` and `buttons`: how many charts, and ways to save one, there are.
    """
    found = told_by(html, folder, width, _MEASURE)
    return {"wrong": found["wrong"], **found["told"]}


def told_by(html: str, folder: Path, width: int, script: str) -> dict[str, Any]:
    """What a script (the body of an async function) returns in a page, as `told`; and errors, `wrong`."""
    page, around = folder / "page.html", folder / f"frame-{width}.html"
    tell = _TELL.format(script=script)
    page.write_text(html.replace("<head>", f"<head>{_WATCH}", 1).replace("</body>", f"{tell}</body>"), "utf-8")
    around.write_text(_FRAME.format(page=page.as_uri(), width=width), "utf-8")
    assert CHROMIUM is not None
    command = [CHROMIUM, "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--virtual-time-budget=60000"]
    command += [f"--window-size={width + 120},1300", "--dump-dom", around.as_uri()]
    ran = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=180, check=True)
    found = re.search(r'<pre id="told">(.*?)</pre>', ran.stdout, re.DOTALL)
    assert found, ran.stderr[-2000:]
    assert found[1], "the page told nothing"
    return dict(json.loads(unescape(found[1])))
