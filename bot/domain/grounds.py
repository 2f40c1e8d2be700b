"""The grounds on which the guideline has a post removed, in the guideline's own order."""

from enum import StrEnum


class Ground(StrEnum):
    PERSONANGREPP = "personangrepp"
    SVORDOMAR = "svordomar"
    REKLAM = "reklam"
    HETS_MOT_FOLKGRUPP = "hets_mot_folkgrupp"
    UPPHOVSRATT = "upphovsratt"
    VALD_PORNOGRAFI = "vald_pornografi"
    UPPMANING_TILL_BROTT = "uppmaning_till_brott"
    ANNAT_LAGBROTT = "annat_lagbrott"


DUTY_GROUNDS: frozenset[Ground] = frozenset(
    {
        Ground.PERSONANGREPP,
        Ground.HETS_MOT_FOLKGRUPP,
        Ground.UPPHOVSRATT,
        Ground.VALD_PORNOGRAFI,
        Ground.UPPMANING_TILL_BROTT,
    }
)
"""Grounds that can be a duty by law (lag 1998:112, 5 §) where the offence is obvious."""
