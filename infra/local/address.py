"""The site's address: a custom domain of API Gateway named ``127.0.0.1``, so that browsers need no name and no proxy."""

from typing import Any

from botocore.exceptions import ClientError

from infra.local.place import Place

DOMAIN = "127.0.0.1"
WHOLE = "(none)"  # API Gateway's word for "no base path"


def point_site_to(place: Place, api: str, stage: str) -> None:
    """Serve an API's stage at the place's ``base_url``. An API that was changed has a new id: so at every deploy."""
    gateway = place.client("apigateway")
    if _absent(gateway.get_domain_name, domainName=DOMAIN):
        gateway.create_domain_name(domainName=DOMAIN, endpointConfiguration={"types": ["REGIONAL"]})
    if not _absent(gateway.get_base_path_mapping, domainName=DOMAIN, basePath=WHOLE):
        gateway.delete_base_path_mapping(domainName=DOMAIN, basePath=WHOLE)
    gateway.create_base_path_mapping(domainName=DOMAIN, basePath=WHOLE, restApiId=api, stage=stage)


def _absent(get: Any, **name: str) -> bool:
    try:
        get(**name)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return True
        raise
    return False
