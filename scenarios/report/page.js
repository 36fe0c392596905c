// Charts are drawn by a copy of Plotly that the page carries compressed; nothing is asked of a network.
const NARROW = 560;  // px: below, charts are drawn as for a phone
const PAPER = 330;  // px: a column of a printed page
let figures = {};

async function unpacked(ident) {
  const packed = Uint8Array.from(atob(document.getElementById(ident).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function folded(text, width) {
  const lines = [""];
  for (const word of String(text).split(" ")) {
    const longer = (lines[lines.length - 1] + " " + word).trim();
    if (longer.length <= width || lines[lines.length - 1] === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("<br>");
}

// A figure for a space so many px wide: in a narrow one smaller letters and titles in several lines.
function fitted(ident, width, paper) {
  const both = figures[ident], slim = width < NARROW || paper;
  const figure = structuredClone(slim && both.narrow !== null ? both.narrow : both.wide), layout = figure.layout;
  if (!slim) return figure;
  layout.font = {...layout.font, size: paper ? 9 : 11};
  for (const [name, axis] of Object.entries(layout)) {
    if (!/^[xy]axis/.test(name) || !axis.title?.text) continue;
    axis.title = {...axis.title, text: folded(axis.title.text, name[0] === "x" ? Math.floor(width / 9.5) : 34)};
    if (name[0] === "x") axis.nticks = axis.nticks ?? 5;
  }
  if (paper) {
    layout.width = PAPER;
    layout.autosize = false;
    layout.height = Math.max(165, Math.min(Math.round(0.6 * layout.height), 420));
  }
  return figure;
}

function draw(ident, paper) {
  const place = document.getElementById(ident);
  const figure = fitted(ident, paper ? PAPER : place.clientWidth, paper);
  place.style.minHeight = paper ? "0" : figure.layout.height + "px";
  Plotly.react(place, figure.data, figure.layout, {responsive: !paper, displayModeBar: false});
}

function save(ident, format) {
  const place = document.getElementById(ident);
  const size = {width: place.clientWidth, height: place.clientHeight, scale: format === "png" ? 3 : 1};
  return Plotly.downloadImage(place, {format, filename: ident, ...size});
}

async function start() {
  let code, texts;
  try {
    [code, texts] = await Promise.all([unpacked("library"), unpacked("charts")]);
  } catch (error) {
    const told = document.getElementById("undrawn");
    told.textContent = "This browser cannot unpack the charts (" + error.message + "); every number is in the tables.";
    told.hidden = false;
    document.querySelectorAll("details").forEach((details) => { details.open = true; });
    return;
  }
  const script = document.createElement("script");
  script.textContent = code;
  document.head.append(script);
  figures = JSON.parse(texts);
  const idents = Object.keys(figures);
  for (const button of document.querySelectorAll("button[data-chart]")) {
    button.addEventListener("click", () => save(button.dataset.chart, button.dataset.format));
    button.parentElement.hidden = false;
  }
  let slim = innerWidth < NARROW;
  addEventListener("resize", () => {
    if (slim === innerWidth < NARROW) return;
    slim = innerWidth < NARROW;
    idents.forEach((ident) => draw(ident, false));
  });
  addEventListener("beforeprint", () => idents.forEach((ident) => draw(ident, true)));
  addEventListener("afterprint", () => idents.forEach((ident) => draw(ident, false)));
  for (const ident of idents) {
    draw(ident, false);
    await new Promise((done) => setTimeout(done));  // one at a time, so that a long report can be scrolled at once
  }
  document.documentElement.dataset.drawn = idents.length;
}
start();
