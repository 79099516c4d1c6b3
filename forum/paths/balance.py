"""How evenly the two paths are argued: product.md's balance, from the stored half counts."""

from dataclasses import dataclass

MIN_AUTHORS = 4
GAP_AUTHORS = 6
GAP_SHARE = 0.20


@dataclass(frozen=True)
class Balance:
    """T and M in distinct authors (a bridge is one half on each); lean is +1 all technical."""

    technical: float
    management: float
    bridge: int
    balance: float | None
    lean: float | None
    gap: str | None


def balance(technical_halves: int, management_halves: int, bridge_authors: int) -> Balance:
    """The balance of a thread or post."""
    technical, management = technical_halves / 2, management_halves / 2
    total = technical + management
    enough = total >= MIN_AUTHORS
    return Balance(
        technical=_whole(technical),
        management=_whole(management),
        bridge=bridge_authors,
        balance=1 - abs(technical - management) / total if enough else None,
        lean=(technical - management) / total if enough else None,
        gap=_gap(technical, management),
    )


def _gap(technical: float, management: float) -> str | None:
    total = technical + management
    if total < GAP_AUTHORS:
        return None
    if technical <= GAP_SHARE * total:
        return "technical-path"
    return "management-path" if management <= GAP_SHARE * total else None


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number
