"""How evenly the two paths are argued: product.md's balance, from the stored half counts."""

from dataclasses import dataclass

from forum.threads.gap import lacks

MIN_AUTHORS = 4


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
        gap=_gap(technical_halves, management_halves),
    )


def _gap(technical_halves: int, management_halves: int) -> str | None:
    if lacks(technical_halves, management_halves):
        return "technical-path"
    return "management-path" if lacks(management_halves, technical_halves) else None


def _whole(number: float) -> float:
    return int(number) if number.is_integer() else number
