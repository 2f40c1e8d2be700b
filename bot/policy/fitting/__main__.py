"""Writes the shipped classifier."""

from bot.policy.bank import load_bank
from bot.policy.classifier import CLASSIFIER_FILE
from bot.policy.fitting import fit

CLASSIFIER_FILE.write_bytes(fit(load_bank()))
