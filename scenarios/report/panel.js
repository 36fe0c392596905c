// What if: the linear program of the report, solved anew in the reader's browser for every position of the sliders.
// Python gives every number of the program as constant + factor * parameters; here they are filled in and solved.
(() => {
{% include "least_squares.js" %}

const EXACT = {output_flag: false, primal_feasibility_tolerance: 1e-9, dual_feasibility_tolerance: 1e-9};
const PROVED = 1e-4;  // of 1000: how far the bound by the prices may be below the objective
const place = document.getElementById("panel");
const ROLES = ["least", "near", "face", "observed", "none"];
let highs, cases, shown, models = {}, waiting = false;

function made(tag, words = "", more = {}) {
  const one = document.createElement(tag);
  one.textContent = words;
  for (const [name, value] of Object.entries(more)) one.setAttribute(name, value);
  return one;
}

// As the report writes it: three significant digits and no exponent.
function amount(value) {
  if (Math.abs(value) < 1e-6) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  return Number(value.toPrecision(3)).toLocaleString("en-US", {maximumFractionDigits: Math.min(digits, 20)});
}
// What is next to nothing is what the search for the nearest decision leaves.
const moneyOf = (value, budget) => value > 1e-6 && value < 1e-4 * budget ? "≈ 0" : amount(value);
const percent = (value) => (100 * value).toFixed(2) + "%";

// Places come as the step to each from the one before.
function placesOf(steps) {
  let place = 0;
  return steps.map((step) => { place += step; return place; });
}

function unfolded(one) {
  const {starts, indices, factor} = one;
  return {...one, starts: placesOf(starts), indices: placesOf(indices), factor: {...factor, number: placesOf(factor.number)}};
}

function parametersAt(one, positions) {
  const parameters = Float64Array.from(one.base);
  one.sliders.forEach(({at, settings, start}, n) => at.forEach((parameter, k) => {
    parameters[parameter] += settings[positions[n]][k] - settings[start][k];
  }));
  return parameters;
}

// The program as HiGHS takes it.
function programAt(one, parameters) {
  const numbers = Float64Array.from(one.constant);
  one.factor.value.forEach((value, n) => { numbers[one.factor.number[n]] += value * parameters[one.factor.parameter[n]]; });
  const rows = one.starts.length - 1, columns = one.columns;
  const [values, rowLower, rowUpper, colLower, colUpper, colCost] =
    [one.indices.length, rows, rows, columns, columns, columns].reduce(
      ([parts, from], size) => [[...parts, numbers.slice(from, from + size)], from + size], [[], 0])[0];
  const matrix = {format: "csr", numRows: rows, numCols: columns, starts: one.starts, indices: one.indices, values};
  return {numCols: columns, numRows: rows, colCost, colLower, colUpper, rowLower, rowUpper, matrix};
}

// Of all that is as good: the row risk <= least + tie, and the distance from the observed allocation as the cost.
function nearest(one, program, least) {
  const {matrix, colCost} = program, colDistance = new Float64Array(program.numCols);
  const counted = [...colCost.keys()].filter((column) => colCost[column] !== 0);
  one.distance.forEach((column) => { colDistance[column] = 1; });
  return {
    ...program, numRows: program.numRows + 1, colCost: colDistance,
    rowLower: [...program.rowLower, -1e300], rowUpper: [...program.rowUpper, least + one.tie],
    matrix: {...matrix, numRows: matrix.numRows + 1, starts: [...matrix.starts, matrix.indices.length + counted.length],
      indices: [...matrix.indices, ...counted], values: [...matrix.values, ...counted.map((column) => colCost[column])]},
  };
}

// A decision that is given; what limits the choice does not bind it.
function given(one, program, decision) {
  const [colLower, colUpper, rowLower, rowUpper] =
    ["colLower", "colUpper", "rowLower", "rowUpper"].map((name) => Float64Array.from(program[name]));
  one.decided.forEach((column, n) => { colLower[column] = colUpper[column] = decision[n]; });
  one.choice.forEach((row) => { rowLower[row] = -1e300; rowUpper[row] = 1e300; });
  return {...program, colLower, colUpper, rowLower, rowUpper};
}

// What the prices prove the objective to be at least (weak duality); a price without a bound proves nothing.
function boundOf(program, prices) {
  const part = (price, lower, upper) => Math.abs(price) < FEASIBLE ? 0 : price * (price > 0 ? lower : upper);
  const sum = (each, lower, upper) => each.reduce((bound, price, n) => bound + part(price, lower[n], upper[n]), 0);
  return sum(prices, program.rowLower, program.rowUpper) +
    sum(reducedCosts(program, prices).reduced, program.colLower, program.colUpper);
}

// The optimum, from the basis of the last one of this role; null where there is none.
function solved(role, program, basis = models[role].basis) {
  const {model} = models[role];
  model.passModel(program);
  if (basis) model.setBasis(basis);
  model.run();
  const status = model.getModelStatus();
  if (status === highs.constants.modelStatus.infeasible) return null;
  if (status !== highs.constants.modelStatus.optimal) throw new Error("the solver found no optimum (" + status + ")");
  const objective = model.getObjectiveValue(), solution = model.getSolution();
  const {colValue: values, rowDual: prices} = solution;
  if (!(objective - boundOf(program, prices) <= PROVED)) throw new Error("the optimum is not proved");
  models[role].basis = model.getBasis();
  return {objective, values, prices};
}

// Of the decisions that are equally near the one of least squares, as in Python: it is one.
function decided(one, program, near) {
  const {term, column, value, target} = one.squares;
  const termsOf = (values) => {
    const terms = target.map((aim) => -aim);
    column.forEach((at, n) => { terms[term[n]] += value[n] * values[at]; });
    return terms;
  };
  const terms = termsOf(near.values);
  if (Math.max(...terms.map(Math.abs)) <= FEASIBLE) return near.values;
  const face = faceOf(program, near);
  let basis = models.near.basis;
  return nearestPoint({values: near.values, terms}, (aim) => {
    const colCost = new Float64Array(program.numCols);
    column.forEach((at, n) => { colCost[at] += value[n] * aim[term[n]]; });
    const largest = Math.max(...colCost.map(Math.abs)) || 1;
    const {values} = solved("face", {...face, colCost: colCost.map((cost) => cost / largest)}, basis);
    basis = models.face.basis;
    return {values, terms: termsOf(values)};
  });
}

function answerAt(one, positions) {
  const parameters = parametersAt(one, positions);
  if (one.calm !== null && parameters[one.calm] < -1e-12) return {wrong: "The probabilities add up to more than 100%: lower one."};
  const program = programAt(one, parameters), risk = ({objective}) => Math.max(objective, 0) * one.risk;
  const least = solved("least", program);
  const found = {
    observed: risk(solved("observed", given(one, program, one.observed))),
    none: risk(solved("none", given(one, program, one.observed.map(() => 0)))),
  };
  if (least === null) return {...found, wrong: "No allocation keeps to this case's limits here."};
  const closer = nearest(one, program, least.objective), near = solved("near", closer);
  const values = decided(one, closer, near), money = one.segments.map(() => 0);
  one.money.value.forEach((value, n) => { money[one.money.segment[n]] += value * values[one.money.column[n]]; });
  const budget = one.budget === null ? null : parameters[one.budget] * one.unit_of_money;
  return {...found, least: risk(least), distance: near.objective * one.unit_of_money, money, budget};
}

function told(one, answer) {
  const said = place.querySelector("[role=status]"), body = place.querySelector("tbody");
  place.dataset.answer = JSON.stringify(answer);
  if (answer.least === undefined) {
    said.textContent = answer.wrong;
    body.replaceChildren();
    return;
  }
  const spent = answer.money.reduce((sum, value) => sum + value, 0), most = Math.max(...answer.money, ...one.before, 1e-300);
  const left = answer.budget === null ? 0 : answer.budget - spent;
  said.textContent = "Least risk " + percent(answer.least) + " of final demand; at the observed allocation " +
    percent(answer.observed) + "; with nothing spent " + percent(answer.none) + "." +
    (left > 1e-4 * answer.budget ? " Of the budget " + amount(left) + " is not needed." : "");
  body.replaceChildren(...one.segments.map(({label, tier}, segment) => {
    const row = made("tr"), cell = made("td", "", {class: "bars"});
    for (const [kind, value] of [["before", one.before[segment]], ["after", answer.money[segment]]]) {
      cell.append(made("span", "", {class: kind, style: "width:" + (100 * Math.max(value, 0) / most).toFixed(2) + "%"}));
    }
    row.append(made("th", label, {scope: "row"}), made("td", tier, {class: "tier"}), cell,
      made("td", amount(one.before[segment]), {class: "number"}), made("td", moneyOf(answer.money[segment], spent), {class: "number"}));
    return row;
  }));
}

function positions() {
  return [...place.querySelectorAll("input[type=range]")].map((input) => Number(input.value));
}

function solveSoon() {
  if (waiting) return;
  waiting = true;
  setTimeout(async () => {
    try {
      await ready();
      waiting = false;
      const now = positions();
      told(shown, answerAt(shown, now));
      place.dataset.solved = now.join(" ");
    } catch (error) {
      waiting = false;
      place.querySelector("tbody").replaceChildren();
      place.querySelector("[role=status]").textContent = "This browser cannot solve it: " + error.message + ".";
    }
  });
}

async function ready() {
  if (highs) return;
  place.querySelector("[role=status]").textContent = "Starting the solver …";
  const [code, binary] = await Promise.all([unpacked("solver-script"), unpackedBytes("solver-binary")]);
  const script = document.createElement("script");
  script.textContent = code + "\nwindow.tierwiseHighs = Module;";
  document.head.append(script);
  highs = await window.tierwiseHighs({instantiateWasm: (imports, done) => {
    WebAssembly.instantiate(binary, imports).then(({instance, module}) => done(instance, module));
    return {};
  }});
  fresh();
}

// Other programs share no basis.
function fresh() {
  for (const role of ROLES) {
    models[role]?.model.dispose();
    const model = highs.createModel();
    model.options.set(EXACT);
    models[role] = {model, basis: null};
  }
}

function slid(slider, n) {
  const row = made("div", "", {class: "slider"}), ident = "slider-" + n;
  const input = made("input", "", {type: "range", id: ident, min: 0, max: slider.texts.length - 1, step: 1, "data-slider": slider.name});
  const value = made("output", slider.texts[slider.start], {for: ident});
  input.value = slider.start;
  const say = () => {
    value.textContent = slider.texts[input.value] + (Number(input.value) === slider.start ? " (as reported)" : "");
    input.setAttribute("aria-valuetext", value.textContent);
  };
  input.addEventListener("input", () => { say(); solveSoon(); });
  input.addEventListener("reset", () => { input.value = slider.start; say(); });
  say();
  row.append(made("label", slider.label, {for: ident}), input, value);
  return row;
}

function show(one) {
  shown = one;
  const few = one.sliders.map(slid), likely = one.sliders.map(({name}) => name.startsWith("probability"));
  place.querySelector(".sliders").replaceChildren(...few.filter((_, n) => !likely[n]));
  place.querySelector(".likely").replaceChildren(...few.filter((_, n) => likely[n]));
  place.querySelector(".unit").textContent = one.unit;
  if (highs) fresh();
  solveSoon();
}

async function open() {
  cases = JSON.parse(await unpacked("panel-programs")).map(unfolded);
  const choice = place.querySelector("select");
  choice.replaceChildren(...cases.map(({title}, n) => made("option", title, {value: n})));
  choice.parentElement.hidden = cases.length < 2;
  choice.addEventListener("change", () => show(cases[choice.value]));
  place.querySelector("button").addEventListener("click", () => {
    place.querySelectorAll("input[type=range]").forEach((input) => input.dispatchEvent(new Event("reset")));
    solveSoon();
  });
  show(cases[0]);
}

if (place && window.WebAssembly && window.DecompressionStream) {
  place.hidden = false;
  document.querySelectorAll("a[href='#panel']").forEach((link) => { link.hidden = false; });
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    open();
  });
  seen.observe(place);
}
})();
