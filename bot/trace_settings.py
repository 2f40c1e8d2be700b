"""OpenTelemetry's own environment variables, as far as they say whether and how traces are to be sent.

https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/; the SDK reads the others itself.
"""

from collections.abc import Mapping

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_EXPORTER = "OTEL_TRACES_EXPORTER"


def asks_for_traces(environ: Mapping[str, str]) -> bool:
    """Unlike an SDK by itself, the bot sends none unless an exporter or an address is named."""
    given = {name: environ.get(name, "").strip() for name in (*_ENDPOINTS, _EXPORTER, "OTEL_SDK_DISABLED")}
    if given["OTEL_SDK_DISABLED"].lower() == "true" or given[_EXPORTER] == "none":
        return False
    return any(given[name] for name in (*_ENDPOINTS, _EXPORTER))


def problems_of_traces(environ: Mapping[str, str]) -> list[str]:
    """Only where traces are asked for."""
    if not asks_for_traces(environ):
        return []
    known = {_EXPORTER: "otlp", **dict.fromkeys(_PROTOCOLS, "http/protobuf")}
    wrong = [name for name, value in known.items() if environ.get(name, "").strip() not in {"", value}]
    return [f"{name}: can only be {known[name]}" for name in wrong]
