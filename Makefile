# Zero Distance. `make help` lists what there is.

PYTHON ?= python3
PORT ?=
STAGE ?=
ARGS ?=

VENV := .venv/bin
LOCAL := $(VENV)/python -m infra.local
CODE := app.py chalicelib infra bench client tests

.DEFAULT_GOAL := help
.PHONY: help run stop logs demo-breach verify rebuild reset clean test lint types imports templates security catalogues unit end-to-end python prepared screenshots bench deploy

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. Python 3.11 or newer is needed"; exit 2; }

run: python ## Set up everything and bring the platform up on this machine (PORT=4566)
	@$(PYTHON) -m infra.local.prepare run
	@$(LOCAL) run $(if $(PORT),--port $(PORT))

stop: ## Stop it; its data is kept
	@test ! -x $(VENV)/python || $(LOCAL) stop

logs: ## Follow what its functions say
	@$(LOCAL) logs

demo-breach: ## Let a two-hour heating promise break, and see what follows
	@$(LOCAL) breach

verify: ## Walk its hash chains and name the first entry that was changed, if any
	@$(LOCAL) verify

rebuild: ## Make every state anew from the journal
	@$(LOCAL) rebuild

reset: ## Stop it and forget its data
	@$(LOCAL) reset

clean: stop ## Stop it and remove all that make has made here, the virtual environments too
	rm -rf .local build .venv .coverage* .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

test: lint types imports templates security unit end-to-end ## Check and test everything

lint: prepared
	$(VENV)/ruff check $(CODE)
	$(VENV)/ruff format --check $(CODE)

types: prepared
	$(VENV)/mypy app.py chalicelib infra bench client/src

imports: prepared
	$(VENV)/lint-imports

templates: prepared
	$(VENV)/cfn-lint infra/data.yaml infra/alarms.yaml

security: prepared ## Look for dangerous calls, for secrets, and for known holes in what ships (the last if the network is there)
	$(VENV)/bandit -q -ll -r app.py chalicelib infra client/src
	@$(VENV)/python -m infra.audit

catalogues: prepared
	@$(VENV)/python -m infra.catalogues

unit: catalogues ## Test all but the deployed stack; branch coverage of chalicelib at least 90 %
	$(VENV)/pytest -n 2 --ignore=tests/e2e --ignore=tests/browser --cov --cov-branch --cov-report=term --cov-report=json:build/coverage.json
	$(VENV)/python -m tests.support.branches build/coverage.json 90

end-to-end: catalogues ## Test the deployed stack and its pages in a browser
	$(VENV)/pytest tests/e2e tests/browser

prepared: python
	@$(PYTHON) -m infra.local.prepare test

screenshots: catalogues ## Take a picture of every page into screenshots/
	$(VENV)/python -m tests.browser.screenshots screenshots

bench: prepared ## Print the figures
	$(VENV)/python -m bench

deploy: prepared ## Deploy on AWS: STAGE=prod, the first time with ARGS="--mail-sender ..." (infra/README.md)
	@test -n "$(STAGE)" || { echo "Which stage? make deploy STAGE=prod"; exit 2; }
	$(VENV)/python -m infra.deploy --stage $(STAGE) $(ARGS)
