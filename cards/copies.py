"""The names under which the copies of a card are remembered, so that all are updated together."""


def case_copy(designation: str) -> str:
    return f"case:{designation}"


def registration_copy(item: str) -> str:
    return f"registration:{item}"


def duty_copy(duty: str) -> str:
    return f"duty:{duty}"


def question_copy(designation: str) -> str:
    """Communications' card."""
    return f"question:{designation}"


def asked_copy(designation: str) -> str:
    """The asker's card."""
    return f"asked:{designation}"


def list_copy(what: str) -> str:
    return f"list:{what}"


def request_copy(designation: str) -> str:
    return f"request:{designation}"


def request_item_copy(designation: str) -> str:
    return f"request_item:{designation}"
