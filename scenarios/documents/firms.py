"""A user's firms in a JSON document: intensities and outliers; names of outliers alone."""

from chains import Chain
from chains.indicators import FAR, firm_intensities, firm_outliers
from scenarios.documents.values import Document

__all__ = ["firms_document"]


def firms_document(chain: Chain) -> Document:
    """`{"firms": {...}}` with every intensity and the outliers; nothing where the chain has no firms.

    `rule` says what an outlier is; `untested` names chain, tier and intensity that it cannot tell anything of.
    """
    if chain.table("firms").empty:
        return {}
    outliers, untested = firm_outliers(chain)
    return {
        "firms": {
            "intensities": firm_intensities(chain).to_dict("records"),
            "outliers": outliers.to_dict("records"),
            "rule": f"modified z-score beyond {FAR} (Iglewicz and Hoaglin 1993), by chain and tier, over firm-years",
            "untested": [{"chain": name, "tier": tier, "intensity": intensity} for name, tier, intensity in untested],
        }
    }
