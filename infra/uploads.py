"""Who may send files to the bucket from a browser: pages of the site's own address, and no others.

The address is known only when the application stands, so this is set after it and not by the data stack.
"""

from typing import Any
from urllib.parse import urlsplit


def allow_from(s3: Any, bucket: str, address: str) -> None:
    """Let pages of the site at this address send forms to the bucket. What a form may send is signed into it."""
    site = urlsplit(address)
    rule = {"AllowedOrigins": [f"{site.scheme}://{site.netloc}"], "AllowedMethods": ["POST"], "MaxAgeSeconds": 3600}
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [rule]})
