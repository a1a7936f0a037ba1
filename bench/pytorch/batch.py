"""Random batches of visits at given shapes."""

import torch
from torch import Tensor

from medm_plm import SPECIAL_CODES, Visit

MASKED_CODES = 2
"""15 % of the 11 codes that a visit has on average."""


def random_codes(batch: int, positions: int, vocabularies: dict[str, int]) -> Visit:
    """[CLS] and distinct codes at every position; the first two of each visit are to be predicted."""
    visit: Visit = {}
    for kind, size in vocabularies.items():
        codes = torch.stack([torch.randperm(size)[: positions - 1] for _ in range(batch)])
        visit[f"{kind}.ids"] = torch.cat([torch.ones(batch, 1, dtype=torch.int64), codes + SPECIAL_CODES], 1)
        visit[f"{kind}.mask"] = torch.ones_like(visit[f"{kind}.ids"], dtype=torch.bool)
        visit[f"{kind}.targets"] = torch.zeros(batch, size).scatter_(1, codes[:, :MASKED_CODES], 1.0)
    return visit


def random_words(batch: int, tokens: int, vocabulary: int) -> Tensor:
    return torch.randint(vocabulary, (batch, tokens))


SPECIAL_TOKENS = 2
"""[CLS] and [SEP] of each chunk."""


def padded_notes(lengths: list[int], longest: int, window: int, vocabulary: int) -> tuple[Tensor, Tensor]:
    """Notes of `lengths` word pieces in chunks of `window` tokens, padded to as many chunks as the longest needs.

    Returns ids and mask [B x C, W]. A note of one chunk is padded to the longest note's length, not to the window. Chunks that hold padding only
    keep their [CLS] and [SEP], so that attention has something to attend to.
    """
    content = window - SPECIAL_TOKENS
    chunks = max(1, -(-longest // content))
    width = min(window, longest + SPECIAL_TOKENS)
    rest_BC = (torch.tensor(lengths)[:, None] - content * torch.arange(chunks)).clamp(0, content)
    mask_MW = torch.arange(width) < (rest_BC.flatten() + SPECIAL_TOKENS)[:, None]
    ids_MW = torch.randint(vocabulary, mask_MW.shape) * mask_MW
    return ids_MW, mask_MW
