"""What Open311 is told. The order of the fields is the specification's; None is left out in XML and null in JSON."""

from datetime import datetime

import msgspec


class Endpoint(msgspec.Struct, frozen=True):
    specification: str
    url: str
    changeset: str
    type: str
    formats: list[str]


class Discovery(msgspec.Struct, frozen=True):
    """https://wiki.open311.org/Service_Discovery/"""

    changeset: str
    contact: str
    key_service: str
    endpoints: list[Endpoint]


class Service(msgspec.Struct, frozen=True):
    service_code: str
    service_name: str
    description: str
    metadata: bool
    type: str
    keywords: str
    group: str


class AttributeValue(msgspec.Struct, frozen=True):
    key: str
    name: str


class Attribute(msgspec.Struct, frozen=True):
    variable: bool
    code: str
    datatype: str
    required: bool
    datatype_description: str
    order: int
    description: str
    values: list[AttributeValue]


class ServiceDefinition(msgspec.Struct, frozen=True):
    service_code: str
    attributes: list[Attribute]


class Created(msgspec.Struct, frozen=True):
    """A request was taken. ``service_notice`` says by when it is answered and where to follow it."""

    service_request_id: str
    service_notice: str
    account_id: str | None


class ServiceRequest(msgspec.Struct, frozen=True, kw_only=True):
    """One request. ``description``, the exact place and the answer are told only to the client that it came by."""

    service_request_id: str
    status: str
    status_notes: str
    service_name: str
    service_code: str
    description: str | None
    agency_responsible: str | None
    service_notice: str | None
    requested_datetime: datetime
    updated_datetime: datetime
    expected_datetime: datetime | None
    address: str | None
    address_id: str | None
    zipcode: str | None
    lat: float | None
    long: float | None
    media_url: str | None


class Token(msgspec.Struct, frozen=True):
    service_request_id: str
    token: str


class Error(msgspec.Struct, frozen=True):
    code: int
    description: str
