// Of several optimal solutions the one of least squares, by linear programs alone (optimize/solver/least_squares.py).
const FEASIBLE = 1e-9, PRICE_ROUNDING = 1e-12, SAME_POINT = 1e-12;

const dot = (one, other) => one.reduce((sum, value, n) => sum + value * other[n], 0);
const weighed = (points, weights) => points[0].map((_, n) => points.reduce((sum, point, c) => sum + weights[c] * point[n], 0));

// A x of the rows of a program, or |A|' |y| of its columns.
function levels({matrix, numRows}, values) {
  const level = new Float64Array(numRows);
  for (let row = 0; row < numRows; row += 1) {
    for (let n = matrix.starts[row]; n < matrix.starts[row + 1]; n += 1) level[row] += matrix.values[n] * values[matrix.indices[n]];
  }
  return level;
}

// Costs less what the prices of the rows pay, and the sizes of all that each of these is a sum of.
function reducedCosts({matrix, numRows, colCost}, prices) {
  const reduced = Float64Array.from(colCost), sizes = reduced.map(Math.abs);
  for (let row = 0; row < numRows; row += 1) {
    for (let n = matrix.starts[row]; n < matrix.starts[row + 1]; n += 1) {
      reduced[matrix.indices[n]] -= prices[row] * matrix.values[n];
      sizes[matrix.indices[n]] += Math.abs(prices[row] * matrix.values[n]);
    }
  }
  return {reduced, sizes};
}

// The optimal solutions of a program, from one of them with its prices: what has a price stays where it is.
function faceOf(program, {values, prices}) {
  const {reduced, sizes} = reducedCosts(program, prices);
  const held = (lower, upper, level, priced) => {
    const stays = level.map((_, n) => priced(n) || lower[n] === upper[n]);
    return [Math.min, Math.max].map((end, side) =>
      Float64Array.from(level, (value, n) => stays[n] ? value : end([lower, upper][side][n], value)));
  };
  const [colLower, colUpper] = held(program.colLower, program.colUpper, values,
    (n) => Math.abs(reduced[n]) > Math.max(FEASIBLE, PRICE_ROUNDING * sizes[n]));
  const [rowLower, rowUpper] = held(program.rowLower, program.rowUpper, levels(program, values),
    (n) => Math.abs(prices[n]) > FEASIBLE);
  return {...program, colLower, colUpper, rowLower, rowUpper};
}

// Weights, of sum 1, of the points for which |sum of weight * point| is least, by modified Gram-Schmidt.
function nearestInSpan(points) {
  const [first, ...others] = points, left = others.map((point) => point.map((value, n) => value - first[n]));
  const upper = left.map(() => []), right = [];
  let rest = first.map((value) => -value);
  left.forEach((one, n) => {
    const size = Math.sqrt(dot(one, one)), direction = one.map((value) => value / size);
    upper[n][n] = size;
    for (let m = n + 1; m < left.length; m += 1) {
      upper[n][m] = dot(left[m], direction);
      left[m] = left[m].map((value, k) => value - upper[n][m] * direction[k]);
    }
    right[n] = dot(rest, direction);
    rest = rest.map((value, k) => value - right[n] * direction[k]);
  });
  const weights = left.map(() => 0);
  for (let n = left.length - 1; n >= 0; n -= 1) {
    let sum = right[n];
    for (let m = n + 1; m < left.length; m += 1) sum -= upper[n][m] * weights[m];
    weights[n] = sum / upper[n][n];
  }
  return [1 - weights.reduce((sum, weight) => sum + weight, 0), ...weights];
}

// The corners whose hull has the nearest point of that of all, and their weights; from weights of a point in it.
function nearestInHull(corners, weights) {
  for (;;) {
    const aim = nearestInSpan(corners.map(({terms}) => terms)), leaving = aim.map((weight) => weight < 0);
    if (!leaving.includes(true)) return [corners, aim];
    const step = Math.min(...aim.map((_, n) => leaving[n] ? weights[n] / (weights[n] - aim[n]) : Infinity));
    const moved = aim.map((to, n) => (1 - step) * weights[n] + step * to);
    const least = Math.min(...moved.filter((_, n) => leaving[n])), gone = moved.findIndex((weight, n) => leaving[n] && weight === least);
    const stays = moved.map((weight, n) => weight > SAME_POINT && n !== gone), sum = dot(moved, stays.map(Number));
    corners = corners.filter((_, n) => stays[n]);
    weights = moved.filter((_, n) => stays[n]).map((weight) => weight / sum);
  }
}

// The values at the point of a face with the least sum of squares of its terms, from one corner of it (Wolfe 1976).
// `towards` gives the corner, {values, terms}, at which the sum of terms * those of the corner is least.
function nearestPoint(first, towards) {
  let corners = [first], weights = [1], point = first.terms;
  for (;;) {
    const found = towards(point), longest = Math.max(...[...corners, found].map(({terms}) => dot(terms, terms)));
    const known = corners.some(({terms}) => terms.every((value, n) => Math.abs(value - found.terms[n]) <= FEASIBLE));
    const gain = dot(point, point.map((value, n) => value - found.terms[n]));
    if (known || gain <= SAME_POINT * longest) return weighed(corners.map(({values}) => [...values]), weights);
    [corners, weights] = nearestInHull([...corners, found], [...weights, 0]);
    point = weighed(corners.map(({terms}) => terms), weights);
  }
}
