# make install | demo | test | lint | docs | dist | bench | soak | clean
# Each target sets up what it needs in .venv and is quick when nothing changed.
# Another Python: make install PYTHON=/path/to/python3.12

SHELL := /bin/bash
BIN := .venv/bin
READY := .venv/.ready
PYTHON ?=

.DEFAULT_GOAL := help
.PHONY: help install demo test lint docs dist bench soak clean

help:
	@sed -n '1,3s/^# //p' Makefile

install: $(READY)
	@echo "Ready: $(BIN)/casereviews"

demo: $(READY)
	@$(BIN)/casereviews demo

# The last line of the output is pytest's summary.
test: lint
	@$(BIN)/pytest -n 2

lint: $(READY)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

# The reference is written from the code; the site goes to site/. A warning is an error.
docs: $(READY)
	@$(BIN)/python -m docs.generate
	@$(BIN)/mkdocs build --strict --quiet
	@echo "Ready: site/index.html"

# A source archive and a wheel that need no checkout, in dist/.
dist: $(READY)
	@mkdir -p build && rm -rf dist build/lib build/bdist*
	@$(BIN)/python -m build --no-isolation --outdir dist >build/dist.log || { cat build/dist.log; exit 1; }
	@ls dist

bench: $(READY)
	@$(BIN)/python -m bench

# Two weeks of refreshes in one run, with sixty kills at random moments.
soak: $(READY)
	@SOAK_KILLS=60 $(BIN)/pytest --timeout 1800 tests/soak tests/e2e/test_kill.py

clean:
	rm -rf .venv site .mypy_cache .ruff_cache .hypothesis build dist *.egg-info demo-data

$(READY): pyproject.toml constraints.txt | $(BIN)/python
	@echo "Installing casereviews and its tools into .venv (a minute or two the first time)"
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --editable '.[dev]' \
	  || { echo "make: the packages could not be installed; is a Python package index in reach of pip?" >&2; exit 1; }
	@touch $@

# python3.13 may be a shim that does not run, or a Python without venv: ask each before choosing it.
$(BIN)/python:
	@old=; bare=; \
	for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
	  version=$$($$python -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
	  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { old="$$old $$python ($$version)"; continue; }; \
	  $$python -c 'import venv, ensurepip' 2>/dev/null || { bare="$$bare $$python"; continue; }; \
	  echo "Making .venv with $$python ($$version)"; \
	  exec $$python -m venv .venv; \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "make:$$bare cannot make virtual environments; install the venv package (Debian, Ubuntu: apt install python3-venv)" >&2; \
	else \
	  echo "make: Python 3.11 or newer is needed; found:$${old:- none}. Name one with PYTHON=/path/to/python3" >&2; \
	fi; \
	exit 1
