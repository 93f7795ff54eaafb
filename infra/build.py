"""The build folder from which Chalice deploys or packages: the app, its translations, its dependencies, a stage's settings.

``python -m infra.build --stage prod --out build/prod`` reads the stage's data stack and prints the size of the zip.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import boto3

from infra import stack
from infra.application import CHALICE
from infra.catalogues import compile_catalogues
from infra.policies import policy_files
from infra.stage import data_stack, environment

ROOT: Final = Path(__file__).parent.parent
CACHE: Final = ROOT / "build" / "wheels"
# Chalice puts itself into the package; AWS's runtime brings boto3.
NOT_VENDORED: Final = ("chalice",)
# Lambda's python3.11 runs on Amazon Linux 2, glibc 2.26: manylinux2014 is what fits.
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
LAMBDA_PLATFORM: Final = ("manylinux2014_x86_64", "manylinux_2_17_x86_64")
# pip's own bookkeeping. METADATA stays, versions are read from it; so do the licences.
BOOKKEEPING: Final = ("RECORD", "INSTALLER", "REQUESTED", "WHEEL", "direct_url.json")
# What Pillow brings for AVIF, for writing text into pictures and for windows: half of its size, and nothing here needs it.
UNUSED: Final = (
    *(f"PIL/{name}.*.so" for name in ("_avif", "_imagingft", "_imagingtk")),
    *(f"pillow.libs/lib{name}-*" for name in ("avif", "freetype", "harfbuzz", "brotlidec", "brotlicommon", "png16")),
)
RETRIES: Final = ("--retries", "2", "--timeout", "30")


class BuildFailed(Exception):
    """The build could not be made; the message says why and where to read more."""


@dataclass(frozen=True)
class Plan:
    """What a build holds beside the code: one stage's environment and policies, and whose wheels."""

    stage: str
    environment: Mapping[str, str]
    policies: Mapping[str, str]  # file name → JSON text
    host_wheels: bool = False


def plan(stage: str, outputs: Mapping[str, str], base_url: str = "", clock_file: str = "", host_wheels: bool = False) -> Plan:
    """The plan of a stage whose data stack has these outputs."""
    return Plan(stage, environment(outputs, base_url, clock_file), policy_files(outputs), host_wheels)


def build(plan: Plan, out: Path, root: Path = ROOT, cache: Path = CACHE) -> Path:
    """Assemble a build folder anew and return it. Raises BuildFailed if the dependencies are not to be had."""
    wheels = vendored(root / "requirements.txt", plan.host_wheels, cache)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    _copy_code(root, out)
    _write_config(plan, root, out)
    shutil.copytree(wheels, out / "vendor")
    (out / "requirements.txt").write_text("")
    return out


def chalice(folder: Path, region: str, *words: str) -> None:
    """Run Chalice's command line in a build folder. Raises BuildFailed with its last words."""
    environment = {**os.environ, "AWS_DEFAULT_REGION": region, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([*CHALICE, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildFailed(f"chalice {' '.join(words)} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def package(folder: Path, stage: str, region: str, merge_template: Mapping[str, object] | None = None) -> Path:
    """The folder's deployment package for CloudFormation: a folder with ``sam.json`` and ``deployment.zip``."""
    target = folder / "package"
    merge = folder / "merge.json"
    merge.write_text(json.dumps(merge_template or {}))
    chalice(folder, region, "package", "--stage", stage, "--merge-template", merge.name, target.name)
    return target


def vendored(requirements: Path, host_wheels: bool, cache: Path = CACHE) -> Path:
    """The folder with the installed dependencies, made once for each list of requirements, platform and Python."""
    folder = cache / _cache_key(requirements.read_text(), host_wheels)
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as made:
            _install(requirements, host_wheels, Path(made) / "vendor")
            _strip(Path(made) / "vendor")
            with suppress(OSError):  # another process made the same one meanwhile
                (Path(made) / "vendor").rename(folder)
    return folder


def pip_command(requirements: list[str], host_wheels: bool, target: Path) -> list[str]:
    """How pip fetches the wheels: the host's own, or Lambda's platform for the Python that Chalice will name as runtime."""
    platforms = [word for platform in LAMBDA_PLATFORM for word in ("--platform", platform)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    foreign = [*platforms, "--python-version", version, "--implementation", "cp", "--only-binary=:all:"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-compile", *RETRIES]
    chosen = [] if host_wheels else foreign
    return [sys.executable, "-m", "pip", "install", "--no-deps", *quiet, *chosen, "--target", str(target), *requirements]


def pins(text: str) -> list[str]:
    """The pinned requirements that go into the zip."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line and line.split("==")[0].lower() not in NOT_VENDORED]


def _cache_key(requirements: str, host_wheels: bool) -> str:
    kind = f"{sys.platform}-host" if host_wheels else LAMBDA_PLATFORM[0]
    text = "\n".join([*pins(requirements), kind, str(sys.version_info[:2])])
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _install(requirements: Path, host_wheels: bool, target: Path) -> None:
    command = pip_command(pins(requirements.read_text()), host_wheels, target)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise BuildFailed(f"pip could not install the dependencies of the functions: {reason[0]}")


def _strip(folder: Path) -> None:
    for path in list(_unneeded(folder)):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _unneeded(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("__pycache__")
    yield from (path for path in folder.glob("*/tests") if path.is_dir())
    yield from (path for path in folder.glob("bin") if path.is_dir())
    for name in (*(f"*.dist-info/{name}" for name in BOOKKEEPING), *UNUSED):
        yield from folder.glob(name)


def _copy_code(root: Path, out: Path) -> None:
    shutil.copy2(root / "app.py", out)
    shutil.copytree(root / "chalicelib", out / "chalicelib", ignore=shutil.ignore_patterns("__pycache__", "*.pyc", "*.mo"))
    compile_catalogues(out)
    for source in (out / "chalicelib").rglob("*.po*"):
        source.unlink()


def _write_config(plan: Plan, root: Path, out: Path) -> None:
    folder = out / ".chalice"
    folder.mkdir()
    config = json.loads((root / ".chalice" / "config.json").read_text())
    # Chalice keeps what it deployed in .chalice/deployed, which must outlive the build folder: infra/deploy.py does that.
    stages = config.setdefault("stages", {})
    stages.setdefault(plan.stage, {})["environment_variables"] = dict(plan.environment)
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    for name, text in plan.policies.items():
        (folder / name).write_text(text)


def zip_megabytes(package: Path) -> float:
    """The size of a package's zip in MB (10⁶ bytes)."""
    return (package / "deployment.zip").stat().st_size / 1e6


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.build", description=__doc__)
    parser.add_argument("--stage", required=True)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--base-url", default="", help="the public address, without a slash at its end")
    parser.add_argument("--host-wheels", action="store_true", help="this machine's wheels instead of Lambda's")
    return parser.parse_args()


def main() -> None:
    """Build a stage from its deployed data stack and say how large the zip is."""
    given = _arguments()
    outputs = stack.outputs(boto3.client("cloudformation"), data_stack(given.stage))
    folder = build(plan(given.stage, outputs, given.base_url, host_wheels=given.host_wheels), given.out)
    print(f"{folder}: zip of {zip_megabytes(package(folder, given.stage, outputs['Region'])):.1f} MB")


if __name__ == "__main__":
    try:
        main()
    except (BuildFailed, stack.StackFailed) as error:
        sys.exit(str(error))
