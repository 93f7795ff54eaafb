"""Logger and metrics, made once. The correlation id of a request travels through journal and queues to the last worker.

Rule of the house: neither a resident's words nor contact details are ever logged; log ids.
"""

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from chalicelib.settings import settings

__all__ = ["MetricUnit", "correlation", "count", "flush", "follow", "logger", "metrics"]

logger = Logger(service="zerodistance", serialize_stacktrace=False)
metrics = Metrics(service="zerodistance", namespace="ZeroDistance")
metrics.set_default_dimensions(stage=settings.stage)


def follow(correlation: str) -> None:
    """Let all that is logged and recorded from here on carry this correlation id."""
    logger.set_correlation_id(correlation)


def correlation() -> str:
    """The correlation id in force, or empty."""
    return logger.get_correlation_id() or ""


def count(name: str, amount: float = 1, unit: MetricUnit = MetricUnit.Count) -> None:
    """Add to a metric; written out as one EMF line when the invocation ends (``flush``)."""
    metrics.add_metric(name=name, unit=unit, value=amount)


def flush() -> None:
    """Write the collected metrics to the log, if there are any."""
    if metrics.metric_set:
        metrics.flush_metrics()
