"""Input-output indicators on matrices: textbook tables, chains worked by hand, pymrio, and their definitions."""

import numpy as np
import pymrio
import pytest
from scipy import sparse

from chains import InputError
from chains.indicators.look_through import (
    Leontief,
    distortion_centrality,
    hypothetical_extraction,
    import_content,
    primary_share,
    upstreamness,
)
from chains.numbers import Array

# Miller and Blair 2009, Table 2.3: two sectors, transactions [[150, 500], [200, 100]], outputs 1000 and 2000.
BOOK = np.array([[0.15, 0.25], [0.20, 0.05]])
BOOK_FINAL = np.array([350.0, 1700.0])

# Parts go into robots and robots into systems: 0.4 parts a robot, 0.5 robots a system, 100 systems.
VERTICAL = np.array([[0, 0.4, 0], [0, 0, 0.5], [0, 0, 0]])
VERTICAL_FINAL = np.array([0.0, 0.0, 100.0])


def productive(rng: np.random.Generator, size: int) -> Array:
    """A random coefficient matrix of which every column leaves some value added."""
    A = rng.random((size, size)) * (rng.random((size, size)) < 0.5)
    return np.asarray(A / np.maximum(A.sum(axis=0), 1e-9) * rng.uniform(0.1, 0.8, size))


# --- Leontief inverse and import content --------------------------------------------------------------------------


def test_the_leontief_inverse_of_the_textbook() -> None:
    # Miller and Blair 2009, section 2.3: L to four decimals, and output for the final demand (600, 1500).
    np.testing.assert_allclose(Leontief(BOOK).output(np.eye(2)), [[1.2541, 0.3300], [0.2640, 1.1221]], atol=5e-5)
    np.testing.assert_allclose(Leontief(BOOK).output(np.array([600.0, 1500.0])), [1247.52, 1841.58], atol=5e-3)
    np.testing.assert_allclose(Leontief(BOOK).output(BOOK_FINAL), [1000, 2000], rtol=1e-12)


@pytest.mark.parametrize("A", [[[1.0]], [[1.2]], [[0.0, 2.0], [0.5, 0.0]], [[0.5, 0.9], [0.9, 0.5]]])
def test_inputs_that_take_more_than_they_make_are_refused(A: list) -> None:
    with pytest.raises(InputError, match="not productive"):
        Leontief(np.array(A))


def test_the_leontief_inverse_of_groups_that_use_each_other_and_of_an_empty_row() -> None:
    # Two loops, the first selling to the second, a segment that uses itself, and one that stands alone.
    A = np.zeros((6, 6))
    A[[0, 1, 1, 2, 3, 4], [1, 0, 2, 3, 2, 4]] = [0.5, 0.4, 0.3, 0.6, 0.2, 0.25]
    inverse = np.linalg.inv(np.eye(6) - A)
    for coefficients in (A, sparse.csr_array(A)):
        found = Leontief(coefficients)
        np.testing.assert_allclose(found.output(np.eye(6)), inverse, rtol=1e-13)
        np.testing.assert_allclose(found.content(np.arange(6.0)), np.arange(6.0) @ inverse, rtol=1e-13)
        # By hand: 1 / (1 - 0.5 x 0.4) round the first loop, 1 / (1 - 0.6 x 0.2) round the second.
        np.testing.assert_allclose(found.own(), [1.25, 1.25, 1 / 0.88, 1 / 0.88, 4 / 3, 1], rtol=1e-14)


def test_the_output_of_what_nobody_needs_is_exactly_zero() -> None:
    rng = np.random.default_rng(7)
    for _ in range(20):
        A = np.zeros((9, 9))
        A[:4, :4], A[4:, 4:], A[:4, 4:] = productive(rng, 4), productive(rng, 5), 0.05 * rng.random((4, 5))
        output = Leontief(A).output(np.append(np.ones(4), np.zeros(5)))
        assert (output[:4] >= 1).all()
        assert (output[4:] == 0).all()


def test_import_content_looks_through_domestic_inputs() -> None:
    # A third of the parts and 0.8 of the robots are made at home. A robot: parts abroad 0.4 x 2/3. A system: robots
    # abroad 0.5 x 0.2, and in its robots from home 0.5 x 0.8 x 0.4 x 2/3.
    share = np.array([1 / 3, 0.8, 1.0])
    A_d = share[:, None] * VERTICAL
    robot = 0.4 * 2 / 3
    np.testing.assert_allclose(import_content(A_d, VERTICAL - A_d), [0, robot, 0.1 + 0.4 * robot], atol=1e-15)


def test_import_content_and_value_added_content_make_one() -> None:
    rng = np.random.default_rng(1)
    for _ in range(20):
        A = productive(rng, 6)
        A_d = rng.random((6, 6)) * A
        value_added = Leontief(A_d).content(1 - A.sum(axis=0))
        np.testing.assert_allclose(import_content(A_d, A - A_d) + value_added, 1.0, rtol=1e-12)


# --- pymrio -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def world() -> pymrio.IOSystem:
    return pymrio.load_test().calc_all()


def test_import_content_agrees_with_pymrio(world: pymrio.IOSystem) -> None:
    # One region as a chain: A_d its own block; A_m what it buys from all others, summed by sector. pymrio treats
    # imports as an extension: S = 1'A_m, multipliers M = S L of the region's own table.
    for region in world.get_regions():
        A_d = world.A.loc[region, region]
        A_m = world.A.drop(index=region).loc[:, region].groupby("sector", sort=False).sum().loc[A_d.index]
        L = pymrio.calc_L(A_d)
        S = A_m.sum(axis=0).to_frame("imports").T
        np.testing.assert_allclose(Leontief(A_d.to_numpy()).output(np.eye(len(A_d))), L.to_numpy(), rtol=1e-12)
        found = import_content(A_d.to_numpy(), A_m.to_numpy())
        np.testing.assert_allclose(found, pymrio.calc_M(S, L).to_numpy()[0], rtol=1e-12)


def test_multipliers_of_the_world_agree_with_pymrio(world: pymrio.IOSystem) -> None:
    ours = Leontief(world.A.to_numpy()).output(np.eye(len(world.A)))
    np.testing.assert_allclose(ours, world.L.to_numpy(), rtol=1e-10, atol=1e-14)
    S, M = world.emissions.S.to_numpy(), world.emissions.M.to_numpy()
    np.testing.assert_allclose(S @ ours, M, rtol=1e-10)


def test_upstreamness_of_the_world_is_the_row_sum_of_pymrios_ghosh_inverse(world: pymrio.IOSystem) -> None:
    # Ghosh: G = hat(x)^-1 L hat(x), so a row holds what one unit of a sector's output passes into each sector.
    ghosh = pymrio.calc_G(pymrio.calc_B(world.Z, world.x))
    found = upstreamness(world.A.to_numpy(), world.x.to_numpy()[:, 0])
    np.testing.assert_allclose(found, ghosh.to_numpy().sum(axis=1), rtol=1e-10)


# --- hypothetical extraction --------------------------------------------------------------------------------------


def test_extraction_from_the_textbook_economy() -> None:
    # Without sector 1, sector 2 makes 1700/(1 - 0.05); without 2, sector 1 makes 350/(1 - 0.15); before: 3000.
    expected = [1 - 1700 / 0.95 / 3000, 1 - 350 / 0.85 / 3000]
    np.testing.assert_allclose(hypothetical_extraction(BOOK, BOOK_FINAL), expected, rtol=1e-12)


def test_extraction_is_what_striking_row_and_column_loses() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        A, final = productive(rng, 7), rng.random(7)
        total = np.linalg.solve(np.eye(7) - A, final).sum()
        lost = []
        for j in range(7):
            stays = np.arange(7) != j
            left = np.linalg.solve(np.eye(6) - A[np.ix_(stays, stays)], final[stays])
            lost.append(1 - left.sum() / total)
        np.testing.assert_allclose(hypothetical_extraction(A, final), lost, rtol=1e-10)


def test_extraction_is_not_defined_where_nothing_is_made() -> None:
    assert np.isnan(hypothetical_extraction(BOOK, np.zeros(2))).all()


# --- upstreamness -------------------------------------------------------------------------------------------------


def test_upstreamness_of_a_vertical_chain_counts_the_stages() -> None:
    np.testing.assert_allclose(upstreamness(VERTICAL, np.array([20.0, 50.0, 100.0])), [3, 2, 1], rtol=1e-12)


def test_upstreamness_of_two_sectors_by_hand() -> None:
    # 100 of B is final. Of 40 A, 30 go into B and 10 are final: U_A = 10/40 x 1 + 30/40 x 2.
    A = np.array([[0, 0.3], [0, 0]])
    np.testing.assert_allclose(upstreamness(A, np.array([40.0, 100.0])), [1.75, 1], rtol=1e-12)


def test_upstreamness_of_three_sectors_with_a_loop_by_hand() -> None:
    # A: half into B, half into C. B: half back into A, half into C. C: final.
    # U_A = 1 + U_B/2 + 1/2 and U_B = 1 + U_A/2 + 1/2: both 3.
    output = np.array([10.0, 10.0, 40.0])
    A = np.array([[0, 5, 5], [5, 0, 5], [0, 0, 0]]) / output
    np.testing.assert_allclose(upstreamness(A, output), [3, 3, 1], rtol=1e-12)


def test_upstreamness_is_the_series_of_its_definition() -> None:
    # Antras et al. 2012, equation 1: 1 F_i/Y_i + 2 sum_j a_ij F_j/Y_i + 3 sum_jk a_ij a_jk F_k/Y_i + ...
    rng = np.random.default_rng(3)
    A, final = productive(rng, 5), rng.random(5) + 0.1
    output = np.linalg.solve(np.eye(5) - A, final)
    series, term = np.zeros(5), final.copy()
    for stage in range(1, 400):
        series += stage * term / output
        term = A @ term
    np.testing.assert_allclose(upstreamness(A, output), series, rtol=1e-9)


def test_upstreamness_in_an_open_economy_spreads_imports_over_all_uses() -> None:
    # Home makes 20 of A and imports 20; 30 go into the 100 of B made at home, 10 are final. B: 100 made, 50 imported,
    # 150 absorbed, all final. As in the closed economy, U_A = 1.75: where a unit comes from changes nothing.
    A = np.array([[0, 0.3], [0, 0]])
    found = upstreamness(A, np.array([20.0, 100.0]), np.array([40.0, 150.0]))
    np.testing.assert_allclose(found, [1.75, 1], rtol=1e-12)


def test_upstreamness_is_not_defined_for_what_nobody_uses() -> None:
    np.testing.assert_array_equal(upstreamness(np.zeros((2, 2)), np.array([1.0, 0.0])), [1, np.nan])


# --- distortion centrality ----------------------------------------------------------------------------------------


def test_centrality_of_two_sectors_by_hand() -> None:
    # Half of B's sales pay for A, with a wedge of 0.2: elasticity 0.6, so mu = (0.6, 1). Of 1 of sales 0.1 is lost to
    # the wedge: W = 0.5 + 0.4 = 0.9, gamma = (0.5, 1)/0.9, xi = (0.6/0.5, 1) x 0.9.
    A = np.array([[0, 0.5], [0, 0]])
    np.testing.assert_allclose(distortion_centrality(A, np.array([0.0, 1.0]), 0.2), [1.08, 0.9], rtol=1e-12)


def test_centrality_of_three_sectors_rises_upstream_by_the_wedge_at_each_step() -> None:
    # Robots buy parts at a wedge of 0.25, systems buy robots at 0.1: elasticities 0.5 and 0.55, mu = (0.275, 0.55, 1).
    # Sales 20, 50, 100: W = 20 + 50 x 0.5 + 100 x 0.45 = 90. xi = mu x 90 / sales.
    found = distortion_centrality(VERTICAL, VERTICAL_FINAL, np.array([0.0, 0.25, 0.1]))
    np.testing.assert_allclose(found, [0.275 * 90 / 20, 0.55 * 90 / 50, 90 / 100], rtol=1e-12)
    np.testing.assert_allclose(found[:-1] / found[1:], [1.25, 1.1], rtol=1e-12)


def test_centrality_is_one_everywhere_without_wedges() -> None:
    rng = np.random.default_rng(4)
    np.testing.assert_allclose(distortion_centrality(productive(rng, 6), rng.random(6), 0.0), 1.0, rtol=1e-12)


def test_the_mean_of_centrality_weighted_by_primary_income_is_one() -> None:
    # Liu 2019: since factors are free of wedges, sum_i xi_i (primary income of i) / W = 1.
    rng = np.random.default_rng(5)
    A, final, wedge = productive(rng, 6), rng.random(6), rng.uniform(0, 0.2, (6, 6))
    income = primary_share(A, wedge) * np.linalg.solve(np.eye(6) - A, final)
    found = distortion_centrality(A, final, wedge)
    assert found @ income / income.sum() == pytest.approx(1, rel=1e-12)


def test_centrality_agrees_with_a_simulated_cobb_douglas_economy() -> None:
    """Influence by moving productivities and letting prices settle; Domar weights by letting money circulate."""
    rng = np.random.default_rng(6)
    A, final, wedge = productive(rng, 4), rng.random(4) + 0.1, rng.uniform(0, 0.2, (4, 4))
    beta = final / final.sum()

    def log_consumption(log_productivity: Array) -> float:
        # Wage 1. Cost of l: sum_k elasticity_kl (ln p_k + ln(1 + chi_kl)) - ln z_l; income is fixed, so C = 1/p_C.
        price = np.zeros(4)
        for _ in range(600):
            price = ((1 + wedge) * A * (price[:, None] + np.log1p(wedge))).sum(axis=0) - log_productivity
        return float(-(beta @ price))

    step = 1e-4 * np.eye(4)
    influence = np.array([(log_consumption(z) - log_consumption(-z)) / 2e-4 for z in step])
    sales, spent = np.zeros(4), beta.copy()
    for _ in range(600):
        sales += spent
        spent = A @ spent
    paid_to_suppliers_or_lost = ((1 + wedge) * A * sales[None, :]).sum()
    domar = sales / (sales.sum() - paid_to_suppliers_or_lost)
    np.testing.assert_allclose(distortion_centrality(A, final, wedge), influence / domar, rtol=1e-7)


def test_centrality_is_not_defined_where_nothing_is_made_or_wedges_take_all() -> None:
    A = np.array([[0, 0.5], [0, 0]])
    np.testing.assert_array_equal(distortion_centrality(A, np.array([2.0, 0.0]), 0.2), [1, np.nan])
    assert np.isnan(distortion_centrality(A, np.array([0.0, 1.0]), 1.5)).all()
