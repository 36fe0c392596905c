"""Input-output indicators on plain matrices: Leontief inverse, import content, extraction, upstreamness, centrality.

Convention: A[k, l] is the value of input k per unit of output of user l; vectors run over the same segments. All
results are per unit of money or shares, so they do not depend on the unit of the package. Matrices may be dense or
sparse: most segments buy from few others, and no indicator needs the Leontief inverse written out.
"""

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from chains.numbers import Array
from chains.tables.problems import InputError

__all__ = [
    "Coefficients",
    "Leontief",
    "distortion_centrality",
    "hypothetical_extraction",
    "import_content",
    "primary_share",
    "ratio",
    "upstreamness",
]

Coefficients = Array | sparse.csr_array


class Leontief:
    """Leontief inverse L = (I - A)^-1: output of k, direct and indirect, per unit of final demand for l.

    Source: Miller and Blair, *Input-Output Analysis*, 2nd ed. 2009, chapter 2. InputError unless A is productive: for
    A >= 0 the inverse exists without negative entries exactly if A is (Hawkins and Simon 1949).
    """

    def __init__(self, A: Coefficients) -> None:
        self._A = sparse.csr_array(A)
        remaining = sparse.csc_array(sparse.eye_array(self._A.shape[0]) - self._A)
        try:
            # Pivots on the diagonal, as suits I - A: nothing cancels, so what nobody needs has an output of exactly 0.
            found = splu(remaining, "MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        except RuntimeError as singular:
            raise _unproductive() from singular
        self._factors: Any = found  # scipy-stubs leaves out that a factorisation solves the transpose too
        # Where x >= 0 solves x = 1 + A x, x > 0 and x > A x: output that the economy can make of itself.
        if not (self.output(np.ones(self._A.shape[0])) >= 0).all():
            raise _unproductive()

    def output(self, final: Array) -> Array:
        """L f: output for final demand f[l], or for each column of f[l, case]."""
        return np.asarray(self._factors.solve(final))

    def content(self, direct: Array) -> Array:
        """v'L: what a unit of final demand for l holds, directly and indirectly, of what a unit of output k takes."""
        return np.asarray(self._factors.solve(direct, "T"))

    def own(self) -> Array:
        """The diagonal of L: output of k per unit of final demand for k itself.

        Inputs that lead from k back to k stay among segments that use each other: each such group is inverted alone.
        """
        own = 1.0 / (1.0 - self._A.diagonal())
        _, group = connected_components(self._A, connection="strong")
        by_group = np.argsort(group, kind="stable")
        for members in np.split(by_group, np.flatnonzero(np.diff(group[by_group])) + 1):
            if len(members) > 1:
                inside = self._A[members][:, members].toarray()
                own[members] = np.linalg.inv(np.eye(len(members)) - inside).diagonal()
        return own


def _unproductive() -> InputError:
    wrong = "are not productive: a unit of some output takes a unit of itself or more, directly or through others"
    return InputError.single("input coefficients", wrong, "lower coefficients along the loop")


def import_content(A_d: Coefficients, A_m: Coefficients) -> Array:
    """Look-through import content 1'A_m (I - A_d)^-1: imports of any segment per unit of home output delivered.

    Source: OECD, import content of exports (u A_m (I - A_d)^-1 EX / u EX), STAN input-output database; Hummels,
    Ishii and Yi, *Journal of International Economics* 54, 2001. The direct part alone is 1'A_m.
    """
    return Leontief(A_d).content(np.asarray(A_m.sum(axis=0), dtype=np.float64))


def hypothetical_extraction(A: Coefficients, final: Array) -> Array:
    """Share of total output lost when a segment is extracted: its row, its column and its final demand become 0.

    T_j = (1'x - 1'x_without_j) / 1'x with x = (I - A)^-1 f, the segment's own output included. Extraction takes
    l_ij x_j / l_jj from the output of i, so that 1'x - 1'x_without_j = (sum_i l_ij) x_j / l_jj: one inverse serves all
    segments. Source: Miller and Blair 2009, chapter 12. NaN where nothing is made.
    """
    inverse = Leontief(A)
    output = inverse.output(final)
    lost = inverse.content(np.ones(len(final))) * output / inverse.own()
    return ratio(lost, output.sum())


def upstreamness(A: Coefficients, output: Array, absorption: Array | None = None) -> Array:
    """Upstreamness U = (I - B)^-1 1, B_kl = a_kl Y_l / Z_k: mean number of stages to final use, final use being 1.

    Y is the output of the users. Z is what is absorbed of each segment, all use of it, final use and inputs; in a
    closed economy that is its output (default), in an open one output plus imports less exports, with A of domestic
    and imported inputs together. Source: Antras, Chor, Fally and Hillberry, *American Economic Review* 102(3), 2012,
    412-416. NaN where nothing is absorbed (the output must then be 0 too).
    """
    absorbed = output if absorption is None else absorption
    used = np.where(absorbed > 0, absorbed, 1.0)
    passed_on = sparse.csr_array(A).multiply(output[None, :]).multiply(1.0 / used[:, None])
    stages = Leontief(passed_on.tocsr()).output(np.ones(len(output)))
    return np.where(absorbed > 0, stages, np.nan)


def primary_share(A: Coefficients, wedge: npt.ArrayLike) -> Array:
    """What is left of a unit of output for primary inputs: 1 - sum_k (1 + chi_kl) a_kl, by user l."""
    return np.asarray(1.0 - sparse.csr_array(A).multiply(1.0 + np.asarray(wedge)).sum(axis=0))


def distortion_centrality(A: Coefficients, final: Array, wedge: npt.ArrayLike) -> Array:
    """Liu's distortion centrality xi_i = mu_i / gamma_i, influence over Domar weight.

    `wedge` chi is what market imperfections add to the cost of a unit of input: one number, a vector by user l, or a
    matrix [k, l]. a_kl is the share of sales paid to suppliers, so the elasticity of output is (1 + chi_kl) a_kl:

        mu    = (I - (1 + chi) A)^-1 beta,  beta = f / 1'f          influence: elasticity of aggregate output
        gamma = x / W,  x = (I - A)^-1 f                             Domar weight: sales over primary income
        W     = sum_l x_l (1 - sum_k (1 + chi_kl) a_kl)              what sales leave for primary inputs

    Above 1 a segment's sales understate its influence. The mean of xi weighted by primary income is 1; without
    wedges xi is 1 everywhere. Source: Liu, *Industrial Policies in Production Networks*, Quarterly Journal of
    Economics 134(4), 2019, 1883-1948. NaN where nothing is made, and everywhere if wedges leave some segment that
    produces less than nothing for primary inputs.
    """
    output = Leontief(A).output(final)
    makes = output > 0
    active = sparse.csr_array(sparse.csr_array(A).multiply(makes[None, :]))
    primary = primary_share(active, wedge)
    income = float(primary @ output)
    if income <= 0 or (primary < 0).any():
        return np.full(len(final), np.nan)
    influence = Leontief(active.multiply(1.0 + np.asarray(wedge)).tocsr()).output(final) / final.sum()
    return ratio(influence * income, output)


def ratio(numerator: Array, denominator: npt.ArrayLike) -> Array:
    """Division in which a denominator of 0 gives NaN."""
    below = np.asarray(denominator, dtype=np.float64)
    return np.asarray(numerator / np.where(below == 0.0, np.nan, below))
