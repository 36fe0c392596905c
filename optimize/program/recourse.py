"""The mathematics of one disruption scenario: what is made, imported, stored, done without and left unmet.

The data of a scenario enter as columns of their own, so that compiling this model once gives the matrix and the
right-hand side of every scenario with as many phases (`program/compiling.py`). Pieces add their terms to open
expressions (`program/expressions.py`); each row is closed, beside its equation, in one place.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyomo.core as pyo

from chains.numbers import Array, ChainNumbers, Enters, entering
from chains.numbers.parts.stocks import Stocks
from chains.numbers.parts.substitution import Substitution
from optimize.program.expressions import RecourseExpressions, check_closed
from optimize.program.levers import Lever
from optimize.program.links import Alike, Data, Link

__all__ = ["DATA", "DISRUPTED", "data_names", "links_of", "own_columns", "recourse", "scenario_columns"]

_OWN = ("y", "m", "u", "f", "w")
DISRUPTED = ("f", "w")
"""Columns that are 0 in calm, which never draws stock nor does without."""


def _lasting(numbers: ChainNumbers, alike: Alike, rate: Array) -> Array:
    """Amounts [scenario, member] over each phase, from rates per year [scenario, phase, ...]."""
    length = numbers.phase_length[alike.rows]
    return (rate * length.reshape(*length.shape, *[1] * (rate.ndim - 2))).reshape(len(alike.scenarios), -1)


def _demand(numbers: ChainNumbers, alike: Alike) -> Array:
    by_use = np.broadcast_to(numbers.use_demand, (*alike.rows.shape, len(numbers.use_demand)))
    return _lasting(numbers, alike, by_use)


def _held(numbers: ChainNumbers, alike: Alike) -> Array:
    stocks = numbers.part(Stocks)
    held = np.empty(0) if stocks is None else stocks.held
    return np.broadcast_to(held, (len(alike.scenarios), len(held)))


DATA = (
    Data("home", lambda numbers, alike: _lasting(numbers, alike, numbers.home[alike.rows])),
    Data("foreign", lambda numbers, alike: _lasting(numbers, alike, numbers.foreign[alike.rows])),
    Data("demand", _demand),
    Data("held", _held),
)
"""What a scenario gives: supply and final demand over each phase, and the stock that is held."""
data_names = tuple(data.name for data in DATA)


def own_columns(levers: Sequence[Lever]) -> tuple[str, ...]:
    """Columns that each scenario decides for itself; with `excess`, its loss beyond eta."""
    return (*_OWN, *(name for lever in levers for name in lever.own))


def links_of(levers: Sequence[Lever]) -> tuple[Link, ...]:
    """Columns that the first stage decides, as the recourse takes them up."""
    return tuple(link for lever in levers for link in lever.links)


def scenario_columns(levers: Sequence[Lever], more: Sequence[str] = ()) -> tuple[str, ...]:
    """Columns of the recourse, in order; `more` are those that measure the loss, after `excess`."""
    return (*own_columns(levers), "excess", *more, *(link.name for link in links_of(levers)), "eta", *data_names)


def recourse(numbers: ChainNumbers, levers: Sequence[Lever], phases: int = 1) -> pyo.ConcreteModel:
    """One scenario's recourse, with two objectives: `loss` L and `tail`, the excess of L over eta.

    Variables, money over a phase p: home output y[p, k], imports m[p, k], unmet final demand u[p, n], inputs done
    without f[p, e], stock drawn w[p, q], contracted supply v[p, c]; and excess.
    """
    numbers = entering(numbers, Enters.RECOURSE)
    model = pyo.ConcreteModel()
    model.P = pyo.RangeSet(0, phases - 1)
    model.K = pyo.RangeSet(0, len(numbers.segments) - 1)
    model.N = pyo.RangeSet(0, len(numbers.use_segment) - 1)
    model.eta = pyo.Var()
    opened = RecourseExpressions()
    _make_at_home(model, numbers, opened)
    for lever in levers:
        lever.in_recourse(model, numbers, opened)
    _close_capacity(model, opened)
    _import(model, opened)
    _leave_unmet(model, numbers, opened)
    if (substitution := numbers.part(Substitution)) is not None:
        _do_without(model, substitution, opened)
    if (stocks := numbers.part(Stocks)) is not None:
        _draw_stock(model, stocks, opened)
    _close_balance(model, opened)
    loss = opened.loss.at(0)
    check_closed(**vars(opened))
    model.excess = pyo.Var(within=pyo.NonNegativeReals)
    model.tail_excess = pyo.Constraint(expr=model.excess >= loss - model.eta, doc="excess_s >= L_s - eta")
    model.loss = pyo.Objective(expr=loss, doc="L_s = sum_p (sum_n w_n u_pn + sum_e kappa_e f_pe)")
    model.tail = pyo.Objective(expr=model.excess, doc="max(L_s - eta, 0)")
    return model


def _make_at_home(model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
    """Home output, and what it takes: needed_pk += sum_l a_kl y_pl."""
    model.y = pyo.Var(model.P, model.K, within=pyo.NonNegativeReals)
    model.home = pyo.Var(model.P, model.K)
    inputs = numbers.inputs.tocoo()
    entries = [(int(k), int(l), float(a)) for k, l, a in zip(inputs.row, inputs.col, inputs.data, strict=True)]
    for p in model.P:
        for k in model.K:
            opened.capacity.add((p, k), model.home[p, k])
            opened.supply.add((p, k), model.y[p, k])
        for k, l, a in entries:
            opened.needed.add((p, k), a * model.y[p, l])


def _close_capacity(model: Any, opened: RecourseExpressions) -> None:
    @model.Constraint(model.P, model.K, doc="y_kp <= h_p (H_kp + added_k)")
    def home_capacity(model: pyo.ConcreteModel, p: int, k: int) -> object:
        return model.y[p, k] <= opened.capacity.at((p, k))


def _import(model: Any, opened: RecourseExpressions) -> None:
    model.m = pyo.Var(model.P, model.K, within=pyo.NonNegativeReals)
    model.foreign = pyo.Var(model.P, model.K)

    @model.Constraint(model.P, model.K, doc="m_kp <= h_p F_kp")
    def import_availability(model: pyo.ConcreteModel, p: int, k: int) -> object:
        opened.supply.add((p, k), model.m[p, k])
        return model.m[p, k] <= model.foreign[p, k]


def _leave_unmet(model: Any, numbers: ChainNumbers, opened: RecourseExpressions) -> None:
    model.u = pyo.Var(model.P, model.N, within=pyo.NonNegativeReals)
    model.demand = pyo.Var(model.P, model.N)

    @model.Constraint(model.P, model.N, doc="u_knp <= h_p d_kn")
    def unmet_at_most_demand(model: pyo.ConcreteModel, p: int, n: int) -> object:
        at = (p, int(numbers.use_segment[n]))
        opened.supply.add(at, model.u[p, n])
        opened.needed.add(at, model.demand[p, n])
        opened.loss.add(0, float(numbers.weight[n]) * model.u[p, n])
        return model.u[p, n] <= model.demand[p, n]


def _do_without(model: Any, substitution: Substitution, opened: RecourseExpressions) -> None:
    model.E = pyo.RangeSet(0, len(substitution.entry) - 1)
    model.f = pyo.Var(model.P, model.E, within=pyo.NonNegativeReals)

    @model.Constraint(model.P, model.E, doc="f_klp <= sigma_kl a_kl y_lp")
    def done_without(model: pyo.ConcreteModel, p: int, e: int) -> object:
        opened.supply.add((p, int(substitution.input[e])), model.f[p, e])
        opened.loss.add(0, float(substitution.penalty[e]) * model.f[p, e])
        user = int(substitution.user[e])
        return model.f[p, e] - float(substitution.dispensed[e]) * model.y[p, user] <= 0


def _draw_stock(model: Any, stocks: Stocks, opened: RecourseExpressions) -> None:
    model.Q = pyo.RangeSet(0, len(stocks.segment) - 1)
    model.w = pyo.Var(model.P, model.Q, within=pyo.NonNegativeReals)
    model.held = pyo.Var(model.Q)

    @model.Constraint(model.Q, doc="sum_p w_kp <= held_k + bought_k")
    def stock_drawn(model: pyo.ConcreteModel, q: int) -> object:
        for p in model.P:
            opened.supply.add((p, int(stocks.segment[q])), model.w[p, q])
        return sum(model.w[p, q] for p in model.P) <= model.held[q] + opened.stock.at(int(stocks.segment[q]))


def _close_balance(model: Any, opened: RecourseExpressions) -> None:
    @model.Constraint(
        model.P,
        model.K,
        doc="y_kp + m_kp + sum_c v_kcp + sum_n u_knp + sum_l f_klp + w_kp >= h_p d_k + sum_l a_kl y_lp",
    )
    def balance(model: pyo.ConcreteModel, p: int, k: int) -> object:
        return opened.supply.at((p, k)) >= opened.needed.at((p, k))
