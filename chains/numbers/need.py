"""What is used of each segment in a calm year: final demand, and what the home output of its users takes."""

import numpy as np
from scipy import sparse

from chains.numbers.chain_numbers import ChainNumbers
from chains.numbers.quantities import Array

__all__ = ["calm_use"]


def calm_use(numbers: ChainNumbers) -> Array:
    """t[k] = d_k + sum_l a_kl h_l t_l, money per year, with h the home share of supply in calm.

    Leontief's quantity model with imports, each need met by home and foreign supply in the proportion in which they
    stand (Miller and Blair, Input-Output Analysis, 2nd edition, Cambridge 2009, chapter 2).
    """
    from scipy.sparse.linalg import spsolve  # a tenth of a second that no other start needs

    home, foreign = numbers.home[numbers.calm_phase], numbers.foreign[numbers.calm_phase]
    share = np.divide(home, home + foreign, out=np.zeros_like(home), where=home + foreign > 0)
    eye = sparse.eye_array(len(share), format="csc")
    return np.asarray(spsolve(sparse.csc_array(eye - numbers.inputs * share), numbers.demand)).reshape(-1)
