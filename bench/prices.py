"""AWS list prices, US dollars, us-east-1, on demand, without the free tier.

As known to the author in the middle of 2025; the price pages could not be asked when this was written: **check them** at
https://aws.amazon.com/pricing/ before relying on a sum. DynamoDB's are those after the cut of 1 November 2024; Lambda bills
its start-up since 1 August 2025.
"""

from typing import Final

KNOWN: Final = "mid-2025"

PRICES: Final[dict[str, float]] = {
    "DynamoDB write request unit": 0.625e-6,
    "DynamoDB read request unit": 0.125e-6,
    "DynamoDB GB-month stored": 0.25,
    "DynamoDB GB-month of point-in-time recovery": 0.20,
    "Lambda request": 0.20e-6,
    "Lambda GB-second": 0.0000166667,
    "API Gateway REST request": 3.50e-6,
    "GB sent to the internet": 0.09,
    "SQS request": 0.40e-6,
    "KMS request": 0.03 / 10_000,
    "KMS key, month": 1.00,
    "SES e-mail": 0.10 / 1_000,
    "CloudWatch Logs GB taken in": 0.50,
    "CloudWatch metric, month": 0.30,
    "CloudWatch alarm, month": 0.10,
    "CloudWatch dashboard, month": 3.00,
    "Secrets Manager secret, month": 0.40,
}
# Free: DynamoDB Streams read by Lambda, EventBridge schedules, data between these services in one region.
