"""The stacks on the emulator: the same data stack as on AWS, the same package, deployed by CloudFormation."""

import base64
import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import ClientError

from infra import stack, uploads
from infra.build import ROOT, Plan, build, package, plan
from infra.local.address import point_site_to
from infra.local.permissions import judged
from infra.local.place import REGION, STAGE, LocalStackFailed, Place
from infra.mappings import merge_template, settings_of
from infra.policies import USES, function_name
from infra.stage import data_stack

APP_STACK: Final = f"zerodistance-{STAGE}-app"
CODE_BUCKET: Final = f"zerodistance-{STAGE}-code"
DEPLOYED: Final = f"/zerodistance/{STAGE}/deployed"
DATA: Final = {"Stage": STAGE, "MailSender": "zerodistance@example.org", "Protect": "false"}
TTL_TABLES: Final = ("guards", "fingerprints")
# What a package is made of. A change in any of them means another package.
SOURCES: Final = ("app.py", "requirements.txt", ".chalice/config.json", "chalicelib", "infra/build.py", "infra/mappings.py")
PAUSE: Final = 0.2  # seconds between looks at a stack: the emulator is done at once


def data(place: Place, say: stack.Say) -> dict[str, str]:
    """Deploy the data stack; returns its outputs."""
    outputs = stack.deploy(place.client("cloudformation"), data_stack(STAGE), stack.HERE / "data.yaml", DATA, say, PAUSE)
    _expire(place, outputs["Prefix"])
    return outputs


def application(place: Place, outputs: Mapping[str, str], say: stack.Say, root: Path = ROOT) -> bool:
    """Build and deploy the app unless what is deployed is already made of this code. Returns whether it did."""
    wanted = wanted_here(place, outputs)
    mark = fingerprint(wanted, root)
    if recall(place, DEPLOYED) == mark:
        return False
    made = package(build(wanted, place.home / "build", root), STAGE, REGION, _merged(outputs))
    say("  packaged by Chalice")
    _put_up(place, made, say)
    remember(place, DEPLOYED, mark)
    return True


def wanted_here(place: Place, outputs: Mapping[str, str]) -> Plan:
    """What AWS would get, with this place's address and clock, wheels that run here and policies that can be judged here."""
    made = plan(STAGE, outputs, place.base_url, str(place.clock), host_wheels=not _is_lambdas_platform())
    return replace(made, policies=judged(made.policies))


def address(place: Place, data: Mapping[str, str]) -> None:
    """Serve the deployed API at the place's address, and let its pages send files."""
    outputs = stack.outputs(place.client("cloudformation"), APP_STACK)
    uploads.allow_from(place.client("s3"), data["FilesBucketName"], place.base_url)
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    point_site_to(place, outputs["RestAPIId"], config["api_gateway_stage"])


def renew_stream(place: Place, outputs: Mapping[str, str]) -> None:
    """Make the journal stream's mapping anew, after the emulator was started.

    The stream begins empty there, but a mapping restored from its kept state skips as many new records as it had read before.
    """
    functions = place.client("lambda")
    source, name = outputs["JournalStreamArn"], function_name("dispatch", STAGE)
    old = functions.list_event_source_mappings(EventSourceArn=source, FunctionName=name)["EventSourceMappings"]
    for mapping in old:
        functions.delete_event_source_mapping(UUID=mapping["UUID"])
    anew = {"StartingPosition": "TRIM_HORIZON", "BatchSize": 100} | settings_of("dispatch", outputs)
    functions.create_event_source_mapping(EventSourceArn=source, FunctionName=name, **anew)


def fingerprint(wanted: Plan, root: Path = ROOT) -> str:
    """A hash of everything a deployed package is made of: the code, its dependencies, the stage's settings."""
    digest = hashlib.sha256(json.dumps([wanted.environment, wanted.policies], sort_keys=True).encode())
    for path in _sources(root):
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def remember(place: Place, name: str, value: str) -> None:
    """Keep a note in the emulator's own state, so that it is there exactly when what it speaks of is."""
    place.client("ssm").put_parameter(Name=name, Value=value, Type="String", Overwrite=True)


def recall(place: Place, name: str) -> str:
    """A note kept by ``remember``; empty if there is none."""
    try:
        return str(place.client("ssm").get_parameter(Name=name)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return ""
        raise


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = root / name
        found = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in found if file.is_file() and file.suffix not in {".pyc", ".mo"})


def _is_lambdas_platform() -> bool:
    """Whether wheels for Lambda run here too. On another platform the emulator needs this machine's own."""
    return (platform.system(), platform.machine(), platform.libc_ver()[0]) == ("Linux", "x86_64", "glibc")


def _merged(outputs: Mapping[str, str]) -> dict[str, Any]:
    merged = merge_template(outputs)
    # Chalice says this inside the API's document, where the emulator does not look for it.
    merged["Resources"]["RestAPI"] = {"Properties": {"BinaryMediaTypes": ["*/*"]}}
    return merged


def _put_up(place: Place, made: Path, say: stack.Say) -> None:
    archive, template = made / "deployment.zip", made / "app.json"
    template.write_text(json.dumps(_with_code(json.loads((made / "sam.json").read_text()), f"s3://{_upload(place, archive)}")))
    address = f"{place.endpoint_url}/{_upload(place, template)}"
    stack.deploy(place.client("cloudformation"), APP_STACK, address, {}, say, PAUSE)
    _check_code(place, archive)


def _upload(place: Place, file: Path) -> str:
    """Put a file into the bucket under its hash; returns bucket and key."""
    storage = place.client("s3")
    storage.create_bucket(Bucket=CODE_BUCKET)
    key = hashlib.sha256(file.read_bytes()).hexdigest()
    storage.upload_file(str(file), CODE_BUCKET, key)
    return f"{CODE_BUCKET}/{key}"


def _with_code(template: dict[str, Any], uri: str) -> dict[str, Any]:
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = uri
    return template


def _check_code(place: Place, archive: Path) -> None:
    """Raises LocalStackFailed if a function does not run the code just deployed."""
    wanted = base64.b64encode(hashlib.sha256(archive.read_bytes()).digest()).decode()
    functions = place.client("lambda")
    names = [function_name(function, STAGE) for function in USES]
    stale = [name for name in names if functions.get_function_configuration(FunctionName=name)["CodeSha256"] != wanted]
    if stale:
        raise LocalStackFailed(f"The deploy did not reach {', '.join(stale)}: old code would go on running. Try `make reset`")


def _expire(place: Place, prefix: str) -> None:
    """Turn on what the emulator leaves out of a table's CloudFormation: items that expire."""
    tables = place.client("dynamodb")
    for name in TTL_TABLES:
        table = f"{prefix}-{name}"
        if tables.describe_time_to_live(TableName=table)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            tables.update_time_to_live(TableName=table, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
