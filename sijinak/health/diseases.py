"""The diseases that animals are vaccinated against, tested for and held back for."""

from enum import StrEnum


class Disease(StrEnum):
    PMK = "pmk"
    LSD = "lsd"
    SE = "se"
    ANTHRAX = "anthrax"
    BRUCELLOSIS = "brucellosis"
    RABIES = "rabies"
    JEMBRANA = "jembrana"
