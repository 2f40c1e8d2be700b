"""Writes the shipped speller and the shipped classifiers."""

from bot.policy.bank import load_bank
from bot.policy.classifier import CLASSIFIER_FILE
from bot.policy.fitting import fit
from bot.policy.fitting.gist import fit_gist
from bot.policy.fitting.kinds import fit_kinds, load_examples
from bot.policy.fitting.spelling import spelling
from bot.policy.kinds import GIST_FILE, KINDS_FILE
from bot.policy.speller import SPELLER_FILE, load_speller

SPELLER_FILE.write_bytes(spelling(load_bank()))
CLASSIFIER_FILE.write_bytes(fit(load_bank(), load_speller()))
KINDS_FILE.write_bytes(fit_kinds(load_examples(), load_speller()))
GIST_FILE.write_bytes(fit_gist(load_examples(), load_speller()))
