"""The environment, read once, typed. Everything that differs between stages is here and nowhere else."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Settings:
    """One stage's environment. The data stack's outputs become these variables (infra/data.yaml, infra/build.py)."""

    stage: str
    prefix: str
    routing_queue: str
    deadlines_queue: str
    notices_queue: str
    patterns_queue: str
    followups_queue: str
    figures_queue: str
    files_bucket: str
    user_pool: str
    user_client: str
    vault_key: str
    app_secret: str
    mail_sender: str
    mail_set: str
    base_url: str
    zone: ZoneInfo
    clock_file: Path | None

    def table(self, name: str) -> str:
        """The stage's name of a table: ``zerodistance-prod-journal``."""
        return f"{self.prefix}-{name}"

    def now(self) -> datetime:
        """The moment now, UTC. Only the edges ask for it; everything inside takes it as an argument.

        A local stack has a clock that can be moved: a file with an offset in seconds. On AWS there is no such file.
        """
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def _offset(self) -> float:
        if self.clock_file is None or not self.clock_file.exists():
            return 0.0
        return float(self.clock_file.read_text() or 0)


def read(environment: dict[str, str]) -> Settings:
    """The settings of an environment; what is absent is empty, so that the app can be imported anywhere."""

    def get(name: str, default: str = "") -> str:
        return environment.get(f"ZD_{name}", default)

    stage = get("STAGE", "test")
    return Settings(
        stage=stage,
        prefix=get("PREFIX", f"zerodistance-{stage}"),
        routing_queue=get("ROUTING_QUEUE"),
        deadlines_queue=get("DEADLINES_QUEUE"),
        notices_queue=get("NOTICES_QUEUE"),
        patterns_queue=get("PATTERNS_QUEUE"),
        followups_queue=get("FOLLOWUPS_QUEUE"),
        figures_queue=get("FIGURES_QUEUE"),
        files_bucket=get("FILES_BUCKET"),
        user_pool=get("USER_POOL"),
        user_client=get("USER_CLIENT"),
        vault_key=get("VAULT_KEY"),
        app_secret=get("APP_SECRET"),
        mail_sender=get("MAIL_SENDER", "noreply@example.org"),
        mail_set=get("MAIL_SET"),
        base_url=get("BASE_URL", "http://127.0.0.1:8000"),
        zone=ZoneInfo(get("ZONE", "Asia/Shanghai")),
        clock_file=Path(get("CLOCK_FILE")) if get("CLOCK_FILE") else None,
    )


settings = read(dict(os.environ))
