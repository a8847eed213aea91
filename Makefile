# make serve and make test are all that most people need. Every target sets up what it needs first and
# sets nothing up twice. Needed on the machine: Python 3.11 or newer, make and git. Works with the make
# of macOS (GNU make 3.81) and with BSD tools.
#
#   make PYTHON=python3.12 ...   a certain Python for a new .venv
#   make test ARGS="-k format"   arguments for pytest; ARGS also reaches serve, build, check, new, stale, bench, accuracy
#                                and lock
#   make test ARGS=-n0           tests one after the other, in one process (for --pdb)

PYTHON ?=
ARGS ?=
PY := .venv/bin/python
UV_VERSION := 0.13.8

export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
export PIP_ROOT_USER_ACTION := ignore
export PIP_NO_WARN_SCRIPT_LOCATION := 1
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV NODE_OPTIONS

.PHONY: help setup build serve test check prose new stale bench accuracy properdocs lock lint typecheck format clean
.SUFFIXES:

help:
	@echo 'make serve      build the site, watch the sources, serve it at http://127.0.0.1:8000'
	@echo 'make test       every test, real browser included'
	@echo 'make check      a quick check of the catalog and the pages'
	@echo 'make prose      a check of spelling and style of every page and of the texts of the catalog'
	@echo 'make new        write a file to fill in: a device, a fact, an entry, a calculator ...'
	@echo 'make stale      what is due for review: make stale ARGS="--today 2026-11-21"'
	@echo 'make build      build the site into site/'
	@echo 'make format     format and fix the Python sources'
	@echo 'make bench      measure, and print the figures'
	@echo 'make accuracy   how well estimated speeds agree with published measurements'
	@echo 'make properdocs does the site build with ProperDocs, which may follow MkDocs one day?'
	@echo 'make lock       write requirements.lock and the package-lock.json files anew'
	@echo 'make setup      only install'
	@echo 'make clean      remove what the other targets made, but for what setup installed'

setup: .venv/.packages node_modules/.installed

build: setup
	@$(PY) -m mkdocs build --strict $(ARGS)

serve: setup
	@$(PY) -m mkdocs serve -a 127.0.0.1:8000 $(ARGS)

test: lint typecheck prose .venv/.browser
	@$(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

check: setup
	@$(PY) -m hooks.check $(ARGS)

prose: setup tests/prose/node_modules/.installed
	@$(PY) -m tests.prose

new: setup
	@$(PY) -m catalog new $(ARGS)

stale: setup
	@$(PY) -m catalog stale $(ARGS)

bench: setup .venv/.browser tests/bench/node_modules/.installed
	@$(PY) -m tests.bench $(ARGS)

accuracy: setup
	@$(PY) -m tests.accuracy $(ARGS)

properdocs: .cache/properdocs/.installed
	@$(PY) -m tests.properdocs

lint: setup
	@$(PY) -m ruff check --quiet
	@$(PY) -m ruff format --check --quiet

typecheck: setup
	@$(PY) -m mypy
	@$(PY) -m hooks.node tsc -p tsconfig.json
	@$(PY) -m hooks.node tsc -p tsconfig.worker.json
	@$(PY) -m hooks.node tsc -p tsconfig.node.json

format: setup
	@$(PY) -m ruff check --fix --quiet
	@$(PY) -m ruff format --quiet

clean:
	@rm -rf site .cache

# ---- set-up: a stamp file stands for each finished step --------------------------------------------

# A .venv that was moved with its folder, or whose Python has gone from the machine, is made anew.
ifneq ($(shell $(PY) -c 'print(open(".venv/.place").read())' 2>/dev/null),$(CURDIR))
.PHONY: .venv/.place
endif

.venv/.place:
	@found=; old=; bare=; \
	for candidate in $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 python); do \
	  version=`"$$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null` || continue; \
	  if ! "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then \
	    old="$$old ($$candidate is $$version)"; \
	  elif ! "$$candidate" -c 'import ensurepip, venv' 2>/dev/null; then bare="$$candidate"; \
	  else found="$$candidate"; break; fi; \
	done; \
	if test -z "$$found"; then \
	  if test -n "$$bare"; then \
	    echo "$$bare has no venv module. On Debian and Ubuntu: apt-get install python3-venv" >&2; \
	  else \
	    echo "Python 3.11 or newer was not found$$old. Install it, or say where it is: make PYTHON=/path/to/python3" >&2; \
	  fi; \
	  exit 1; \
	fi; \
	echo "Making .venv with `"$$found" --version` ($$found)"; \
	rm -rf .venv && "$$found" -m venv .venv
	@printf '%s' "$(CURDIR)" > $@

.venv/.packages: .venv/.place requirements.lock pyproject.toml
	@echo 'Installing the Python packages of requirements.lock'
	@$(PY) -m pip install -qq --no-compile --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@$(PY) -m pip install -qq --no-deps --no-index --no-build-isolation --editable .
	@touch $@

node_modules/.installed: package.json package-lock.json .npmrc .venv/.packages
	@echo 'Installing the npm packages of package-lock.json'
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm ci --ignore-scripts --loglevel=error
	@touch $@

# What the benchmark alone needs.
tests/bench/node_modules/.installed: tests/bench/package.json tests/bench/package-lock.json .npmrc .venv/.packages
	@echo 'Installing the npm packages of tests/bench/package-lock.json'
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm ci --prefix tests/bench --ignore-scripts --loglevel=error
	@touch $@

# What the spelling check alone needs.
tests/prose/node_modules/.installed: tests/prose/package.json tests/prose/package-lock.json .npmrc .venv/.packages
	@echo 'Installing the npm packages of tests/prose/package-lock.json'
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm ci --prefix tests/prose --ignore-scripts --loglevel=error
	@touch $@

.venv/.browser: tests/browser/find_browser.py .venv/.packages
	@$(PY) tests/browser/find_browser.py --install
	@touch $@

# ProperDocs in an environment of its own, which finds everything else in .venv: nobody gets it by accident.
.cache/properdocs/.installed: tests/properdocs/requirements.lock .venv/.packages node_modules/.installed
	@echo 'Installing ProperDocs'
	@rm -rf .cache/properdocs && $(PY) -m venv .cache/properdocs
	@.cache/properdocs/bin/python -m pip install -qq --no-compile --require-hashes --no-deps --only-binary :all: \
	  -r tests/properdocs/requirements.lock
	@$(PY) -c 'import sysconfig; print(sysconfig.get_path("purelib"))' > \
	  `.cache/properdocs/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'`/site.pth
	@touch $@

# ---- locks: the newest that pyproject.toml and package.json allow; ARGS=--upgrade moves what is locked ----

.cache/uv-$(UV_VERSION)/bin/uv: .venv/.place
	@rm -rf .cache/uv-$(UV_VERSION)
	@$(PY) -m venv .cache/uv-$(UV_VERSION)
	@.cache/uv-$(UV_VERSION)/bin/python -m pip install -qq uv==$(UV_VERSION)

lock: .cache/uv-$(UV_VERSION)/bin/uv
	@UV_CUSTOM_COMPILE_COMMAND='make lock' .cache/uv-$(UV_VERSION)/bin/uv pip compile --quiet --universal \
	  --generate-hashes --python-version 3.11 --extra dev --no-emit-index-url --no-emit-find-links \
	  --output-file requirements.lock $(ARGS) pyproject.toml
	@UV_CUSTOM_COMPILE_COMMAND='make lock' .cache/uv-$(UV_VERSION)/bin/uv pip compile --quiet --universal \
	  --generate-hashes --python-version 3.11 --no-annotate --no-emit-index-url --no-emit-find-links \
	  --output-file tests/properdocs/requirements.lock $(ARGS) tests/properdocs/requirements.in
	@$(PY) -m pip install -qq --no-compile --require-hashes --no-deps --only-binary :all: -r requirements.lock
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm install --package-lock-only --ignore-scripts --loglevel=error
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm install --prefix tests/bench --package-lock-only --ignore-scripts --loglevel=error
	@NODE_USE_SYSTEM_CA=1 $(PY) -m hooks.node npm install --prefix tests/prose --package-lock-only --ignore-scripts --loglevel=error
