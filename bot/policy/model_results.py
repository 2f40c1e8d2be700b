"""What can become of a question to a model: apart, since it is counted by them also where there is no model."""

from enum import StrEnum


class Result(StrEnum):
    """What became of one question to the model."""

    CHOSEN = "chosen"
    NONE = "none"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"
    UNKNOWN_PASSAGE = "unknown_passage"
    NOT_QUOTED = "not_quoted"
    BAD_LEAD = "bad_lead"
    EMPTY = "empty"
    SLOW = "slow"
    THROTTLED = "throttled"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NO_TOKEN = "no_token"  # noqa: S105 - a result, not a secret
    RESTING = "resting"
