# Afterword: `make run` makes everything ready and answers an example; `make help` lists the rest.
PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3.14 python3; do \
	command -v $$name >/dev/null 2>&1 && { echo $$name; break; }; done)
BIN := .venv/bin

.PHONY: help run test check eval bench clean python
.DEFAULT_GOAL := help

help: ## show these lines
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile

run: python ## install, bring the model, answer an example; seconds the second time
	@$(PYTHON) install.py run

test: python ## install what tests need, bring the models, run the tests; ARGS="-k words" picks some
	@$(PYTHON) install.py test $(ARGS)

check: python ## style, types, import rules, and the library's own rules
	@$(PYTHON) install.py environment test evals
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/afterword library check

eval: python ## measure screening, search, review and replies
	@$(PYTHON) install.py environment evals
	$(BIN)/afterword eval $(ARGS)

bench: python ## measure speed and memory
	@$(PYTHON) install.py environment
	$(BIN)/afterword bench $(ARGS)

clean: ## delete the environment and caches; models and what you wrote stay (see `afterword remove`)
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

python:
	@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "Python 3.11 or newer is missing. Install it, then run this again." >&2; exit 1; }
