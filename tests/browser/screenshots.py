"""``python -m tests.browser.screenshots FOLDER``: a picture of every page of the demo, at 360 and at 1,280 pixels."""

import re
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

import tests.conftest  # noqa: F401 - the environment, before any module of ours is imported
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.test_every_page import opened
from tests.support import gallery
from tests.support.gallery import ROLES
from tests.support.serve import served

WIDTHS: Final = (360, 1280)
LANGUAGES: Final = ("zh-CN", "en")


def main(folder: Path) -> None:
    """Walk through the furnished district as everyone and take the first page of each kind."""
    folder.mkdir(parents=True, exist_ok=True)
    with gallery.furnished() as demo, served() as address, sync_playwright() as playwright:
        for role in ROLES:
            gallery.walk(demo, role)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for language in LANGUAGES:
            for role in ROLES:
                with opened(chromium, demo, role, language, address) as context:
                    page = context.new_page()
                    for (route, whose), path in demo.first_of_each().items():
                        if whose != role:
                            continue
                        page.goto(address + path)
                        name = re.sub(r"[^a-z0-9]+", "-", route.lower()).strip("-") or "root"
                        for width in WIDTHS:
                            page.set_viewport_size({"width": width, "height": 800})
                            page.screenshot(
                                path=folder / f"{role or 'resident'}-{name}-{language[:2]}-{width}.png", full_page=True
                            )
        chromium.close()
    print(f"{len(list(folder.glob('*.png')))} pictures in {folder}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
