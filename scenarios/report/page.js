// Charts are drawn by a copy of Plotly that the page carries compressed; nothing is asked of a network.
const NARROW = 460;  // px: below, charts are drawn as for a phone
const PAPER = 330, SHEET = 690;  // px: a column of a printed page, and the page
const FEW = 5;  // rows of labels
const PLOT = 48;  // px: the least height between the axes of a printed chart
const DIGITS = "{{ digits }}";
let figures = {};

// Text of five digits for every four bytes, as packing.py writes it.
function bytesOf(text) {
  const digit = new Uint8Array(128), short = (5 - text.length % 5) % 5, whole = text + DIGITS[84].repeat(short);
  [...DIGITS].forEach((character, value) => { digit[character.charCodeAt(0)] = value; });
  const view = new DataView(new ArrayBuffer(whole.length / 5 * 4));
  for (let from = 0, to = 0; from < whole.length; to += 4) {
    let number = 0;
    for (const end = from + 5; from < end; from += 1) number = 85 * number + digit[whole.charCodeAt(from)];
    view.setUint32(to, number);
  }
  return new Uint8Array(view.buffer, 0, view.byteLength - short);
}

function unpacking(ident) {
  const packed = bytesOf(document.getElementById(ident).textContent);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
}
const unpacked = async (ident) => unpacking(ident).text();
const unpackedBytes = async (ident) => unpacking(ident).arrayBuffer();

function folded(text, width) {
  const lines = [""];
  for (const word of String(text).split(" ")) {
    const longer = (lines[lines.length - 1] + " " + word).trim();
    if (longer.length <= width || lines[lines.length - 1] === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join("<br>");
}

// A label in shorter lines; what stands below it in italics keeps its own.
function refolded(text, width) {
  const [label, ...below] = String(text).split("<br><i>");
  return [folded(label.replaceAll("<br>", " "), width), ...below].join("<br><i>");
}

// Titles of axes in as many lines as their axis has room for; the rest would be cut off.
function foldTitles(place, figure) {
  const size = figure.layout.font?.size ?? 12, changes = {};
  for (const name of ["xaxis", "yaxis"]) {
    const text = figure.layout[name]?.title?.text, room = place._fullLayout[name]?._length;
    if (!text || !room) continue;
    const lines = folded(text, Math.max(8, Math.floor(room / (0.66 * size))));
    if (lines !== text) changes[name + ".title.text"] = lines;
  }
  if (Object.keys(changes).length) Plotly.relayout(place, changes);
}

// As small as letters of 8 px can be read: rows of labels decide the height where there are some.
function forPaper({data, layout}, room) {
  const plain = (text) => text.split("<br><i>")[0].replaceAll("<br>", " ");
  const axis = layout.yaxis;
  const texts = new Set(axis?.ticktext ?? data.flatMap((trace) => trace.y ?? []).filter((y) => typeof y === "string"));
  const width = room === SHEET ? 60 : texts.size > FEW ? 34 : 22;  // few rows have room for labels of three lines
  const short = (text) => typeof text === "string" ? folded(plain(text), width) : text;
  for (const trace of data) if (trace.orientation === "h" || trace.mode === "markers") trace.y = trace.y?.map?.(short);
  if (axis?.ticktext) axis.ticktext = axis.ticktext.map(short);
  const categories = data.some((trace) => typeof trace.y?.[0] === "string");
  if (axis && categories) axis.dtick = 1;
  if (axis?.categoryarray) axis.categoryarray = axis.categoryarray.map(short);
  const lines = Math.max(1, ...[...texts].map((text) => short(text).split("<br>").length));
  const rows = texts.size * (lines === 1 ? 1 : texts.size > FEW ? 0.5 + 0.5 * lines : 0.95 * lines);  // all are as far apart
  const words = data.filter((trace) => trace.showlegend !== false).map((trace) => 9 + (trace.name ?? "").length);
  const longest = Math.max(...words), across = rows > 0 ? (longest * words.length < 48 ? words.length : 1) : Math.floor(75 / longest);
  const legend = 18 * Math.ceil(words.length / Math.max(1, across));
  for (const one of [layout.xaxis, layout.yaxis]) if (one?.title) one.title = {...one.title, standoff: 4, font: {size: 8}};
  layout.width = room;
  layout.autosize = false;
  layout.minreducedheight = 10;  // or a high legend would stand on the chart; see fitHeight
  layout.margin = {l: 4, r: 10, t: 6, b: 4};
  if (layout.legend) layout.legend.maxheight = 1;
  if (data[0]?.type === "sankey") Object.assign(data[0], {node: {...data[0].node, pad: 12}, domain: {y: [0.04, 0.95]}});
  layout.height = data[0]?.type === "sankey" ? 230 : rows > 0 ? 54 + legend + 11 * Math.max(rows, 7) : 92 + legend;
}

// Room between the axes of a printed chart, which a legend of more rows than were reckoned with has taken.
function fitHeight(place) {
  const {height, _size: size, _has: has} = place._fullLayout;
  if (has("cartesian") && size.h < PLOT) Plotly.relayout(place, {height: Math.round(height + PLOT - size.h)});
}

// Rows as high as the lines of the longest label beside them.
function heighten(layout) {
  const labels = layout.yaxis?.ticktext ?? [], frame = 100;  // px: legend, ticks and title
  const lines = Math.max(0, ...labels.map((text) => text.split("<br>").length));
  layout.height = Math.max(layout.height, frame + labels.length * (4 + 14 * lines));
}

// A figure for a space so many px wide: in a narrow one smaller letters and titles in several lines.
function fitted(ident, width, paper) {
  const both = figures[ident], slim = width < NARROW || paper;
  const figure = structuredClone(slim && both.narrow !== null ? both.narrow : both.wide), layout = figure.layout;
  if (!slim) return figure;
  layout.font = {...layout.font, size: paper ? 8 : 11};
  for (const axis of [layout.xaxis, layout.yaxis]) {
    if (axis?.ticktext) axis.ticktext = axis.ticktext.map((text) => refolded(text, 20));
  }
  heighten(layout);
  if (layout.xaxis) layout.xaxis.nticks = 5;
  if (layout.legend) layout.legend = {...layout.legend, xref: "container", yref: "container", y: 1, yanchor: "top"};
  if (paper) forPaper(figure, width);
  return figure;
}

function draw(ident, paper) {
  const place = document.getElementById(ident);
  const figure = fitted(ident, paper ? (place.closest(".below") ? SHEET : PAPER) : place.clientWidth, paper);
  place.style.minHeight = paper ? "0" : figure.layout.height + "px";
  Plotly.react(place, figure.data, figure.layout, {responsive: !paper, displayModeBar: false, staticPlot: paper});
  foldTitles(place, figure);
  if (paper) fitHeight(place);
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
