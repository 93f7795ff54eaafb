"""The operator's handbook names what there is: every command, alarm and option."""

import re

from infra import deploy
from infra.build import ROOT
from infra.redrive import WAYS
from tests.infra.data_stack import template

README = (ROOT / "infra" / "README.md").read_text()


def test_every_option_of_the_deploy_is_explained() -> None:
    options = re.findall(r'"(--[a-z-]+)"', (ROOT / "infra" / "deploy.py").read_text())
    assert {option for option in options if option not in README} <= {"--stage"}


def test_every_command_that_the_handbook_names_is_there() -> None:
    named = set(re.findall(r"-m (infra\.[a-z.]+)", README))
    assert {name for name in named if not (ROOT / (name.replace(".", "/") + ".py")).exists()} == set()


def test_every_queue_that_can_be_redriven_is_named() -> None:
    assert all(queue in README for queue in WAYS)


def test_every_alarm_is_in_the_table_and_counted() -> None:
    alarms = template("alarms.yaml")["Resources"]
    loops = [each for name, each in alarms.items() if name.startswith("Fn::ForEach")]
    single = [each for each in alarms.values() if isinstance(each, dict) and each["Type"] == "AWS::CloudWatch::Alarm"]
    names = [next(iter(each[2].values()))["Properties"]["AlarmName"]["Fn::Sub"] for each in loops]
    names += [each["Properties"]["AlarmName"]["Fn::Sub"] for each in single]
    assert f"{len(single) + sum(len(each[1]) for each in loops)} alarms" in README
    for name in names:
        said = re.sub(r"\$\{\w+\}$", "*", name.removeprefix("zerodistance-${Stage}-"))
        assert f"`{said}`" in README or f"`{re.sub('-[a-z]+$', '-*', said)}`" in README


def test_the_deploy_tells_the_steps_that_the_handbook_tells() -> None:
    source = (ROOT / "infra" / "deploy.py").read_text()
    assert len(re.findall(r'say\("\d/5 ', source)) == len(re.findall(r"^\| \d ", README, re.MULTILINE)) == 5
    assert deploy.__doc__
