"""Sharing an amount out in whole minor units so that the parts always add up (rule 6)."""

from collections.abc import Sequence

from tradepost.money.errors import InvalidAllocation
from tradepost.money.exact import require_minor


def allocate(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Share `total_minor` out in proportion to `weights` by largest remainder.

    Every part is its exact share rounded down or up. Units left over go to the largest remainders; among equal
    remainders to the heavier weight, then to the lower index, so that the parts do not depend on the order of
    unequal weights. Weights that are all zero share equally; a negative total gives the mirrored parts. Raises
    TypeError for anything but ints, InvalidAllocation for a negative weight and for no weights with a total.
    """
    require_minor(total_minor, "total_minor")
    for weight in weights:
        require_minor(weight, "weight")
        if weight < 0:
            raise InvalidAllocation("A weight must not be negative.")
    if total_minor and not weights:
        raise InvalidAllocation("An amount cannot be shared out among nobody.")
    parts = share(abs(total_minor), weights if any(weights) else [1] * len(weights))
    return parts if total_minor >= 0 else [-part for part in parts]


def share(total_minor: int, weights: Sequence[int]) -> list[int]:
    """Do what `allocate` does for arguments already known to be good: a total and weights that are not negative,
    and at least one positive weight unless the total is zero.
    """
    if len(weights) == 1:
        return [total_minor]
    if not total_minor:
        return [0] * len(weights)
    weight_sum = sum(weights)
    quotas = [divmod(total_minor * weight, weight_sum) for weight in weights]
    parts = [quota[0] for quota in quotas]
    left_over = total_minor - sum(parts)
    if left_over:
        by_claim = sorted(range(len(weights)), key=lambda index: (-quotas[index][1], -weights[index]))
        for index in by_claim[:left_over]:
            parts[index] += 1
    return parts
