"""How clerks spell one name in many ways, brought to one form that is compared.

Old spellings (Soekarno, Djafar, Tjandra), what Arabic letters became (Khadijah, Hadijah), doubled
letters, and short forms (Moh., Abd.). Nobody ever sees these forms.
"""

import re
from functools import lru_cache

# Titles, and "son of", stand in one register and not in the other.
TITLES = frozenset(
    ("h", "hj", "haji", "hajjah", "hajah", "drs", "dra", "dr", "drh", "ir", "kh", "ust", "tgh",
     "sp", "spt", "se", "sh", "bin", "binti")
)  # fmt: skip
_WHOLE = {
    "abd": "abdul", "abdl": "abdul", "abdoel": "abdul",
    "moh": "muhammad", "mohd": "muhammad", "moch": "muhammad", "muh": "muhammad",
    "mhd": "muhammad", "muhd": "muhammad", "md": "muhammad", "mohammad": "muhammad",
    "mohamad": "muhammad", "mochamad": "muhammad", "mochammad": "muhammad", "muhamad": "muhammad",
    "muhammed": "muhammad", "mukhamad": "muhammad", "mukhammad": "muhammad",
    "st": "siti", "sitti": "siti", "sity": "siti", "nrl": "nurul",
    "achmad": "ahmad", "akhmad": "ahmad", "akhmat": "ahmad", "ahmat": "ahmad",
}  # fmt: skip
# In this order: what two letters spelt comes before what one of them does.
_PARTS = (
    ("oe", "u"), ("dj", "j"), ("tj", "c"), ("sj", "s"), ("sy", "s"), ("nj", "ni"), ("ny", "ni"),
    ("ch", "k"), ("kh", "k"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("sh", "s"),
    ("ts", "s"), ("dz", "z"), ("ae", "ai"), ("v", "f"), ("p", "f"), ("z", "s"), ("q", "k"),
    ("y", "i"), ("j", "i"),
)  # fmt: skip
_TWICE = re.compile(r"(.)\1+")
_LONG, _MIDDLING = 7, 4
MOST_SLIPS = 2


@lru_cache(maxsize=100_000)
def folded(word: str) -> str:
    """The form of a word of ``name_key``; two spellings of one name mostly share it."""
    word = _WHOLE.get(word, word)
    for old, new in _PARTS:
        word = word.replace(old, new)
    word = _TWICE.sub(r"\1", word)
    return word.removesuffix("h") if len(word) >= _MIDDLING else word


def allowed(word: str) -> int:
    """How many slips still leave a folded word the same name: none in a short one."""
    return MOST_SLIPS if len(word) >= _LONG else 1 if len(word) >= _MIDDLING else 0
