# What people type. Each target says what it does in `make help`.

PYTHON ?= python3
CARGO ?= cargo
PHOTO ?= docs/raccoon.jpg
# Which stack to run here, or to build for.
STACK ?= resize-api
BINS = $(addprefix --bin ,$(shell $(CARGO) run --quiet -p iac --features local -- functions $(STACK)))
# The processor that functions for AWS are built for: arm64 or x86_64.
ARCH ?= arm64

# How long each fuzz target runs.
FUZZ_SECONDS ?= 600

# What a deployed stack is called, if not as the project's, and what else `iac` is told: ARGS='--yes'.
NAME ?=
ARGS ?=
DEPLOYED = $(STACK) $(if $(NAME),--name $(NAME)) $(PROCESSOR) $(ARGS)
# The stack that code is deployed from has no functions.
PROCESSOR = $(if $(filter-out bootstrap,$(STACK)),--parameter Architecture=$(ARCH))

.DEFAULT_GOAL := help
.PHONY: help demo local page synth check build plan deploy destroy test bench fuzz tools venv clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/engine ## Send a photo through a whole stack on this machine, and end (STACK=upload-events PHOTO=...)
	$(CARGO) build --release -p lambda $(BINS)
	$(CARGO) run -p iac --features local -- local --stack $(STACK) --demo $(PHOTO)

local: .venv/engine ## Run a whole stack on this machine until Ctrl-C (STACK=upload-metadata)
	$(CARGO) build --release -p lambda $(BINS)
	$(CARGO) run -p iac --features local -- local --stack $(STACK)

page: STACK := upload-events
page: .venv/engine ## The same with a page in the browser that uploads and shows the results
	$(CARGO) build --release -p lambda $(BINS)
	$(CARGO) run -p iac --features local -- local --stack $(STACK) --open

synth: ## Write generated/ from the code
	$(CARGO) run -p iac -- synth

check: ## Fail if generated/ is not what the code says
	$(CARGO) run -p iac -- synth --check

build: .venv/zigbuild ## Cross-compile and zip a stack's functions for Lambda (STACK=upload-events or all, ARCH=x86_64)
	$(CARGO) run -p iac --features $(or $(FEATURES),build) -- build $(filter-out all,$(STACK)) --architecture $(ARCH)

# One compilation of `iac` serves both steps.
plan deploy: FEATURES := aws

plan: build ## Show what a deployment to AWS would change (STACK=upload-events NAME=... ARGS='--format markdown')
	$(CARGO) run -p iac --features aws -- plan $(DEPLOYED)

deploy: build ## Deploy to AWS: show what changes, ask, go (STACK=upload-events NAME=... ARGS='--parameter MaxWidth=1024')
	$(CARGO) run -p iac --features aws -- deploy $(DEPLOYED)

destroy: ## Delete a deployed stack: show what goes and what stays, ask (STACK=... NAME=... ARGS='--empty SourceBucket')
	$(CARGO) run -p iac --features aws -- destroy $(or $(NAME),$(STACK)) $(ARGS)

test: tools ## Run every check and test
	.ci/test

# The zip is built as well, because its size is a promise; what that says is not what a program reads.
bench: target/bench/images.json target/bench/node/installed ## Measure the engine against sharp and Pillow (ARGS='--rows 12mp --format json')
	$(MAKE) --no-print-directory build STACK=resize-api ARCH=arm64 >&2
	$(CARGO) build --release -p lambda --bin resize-image
	$(CARGO) run --release -p bench -- $(ARGS)

fuzz: ## Feed every decoder with damaged files, two targets at a time (FUZZ_SECONDS=600)
	.ci/fuzz $(FUZZ_SECONDS)

venv: .venv/engine ## Install the local engine only

tools: .venv/tools target/tools/installed target/corpora/pillow-13.0.0/PKG-INFO ## Install what the tests need

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/engine: .venv/bin/python .ci/engine.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/engine.txt
	@touch $@

.venv/tools: .venv/bin/python .ci/engine.txt .ci/requirements.txt .ci/zigbuild.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/requirements.txt
	@touch .venv/engine .venv/zigbuild $@

.venv/zigbuild: .venv/bin/python .ci/zigbuild.txt
	.venv/bin/python -m pip install --quiet --disable-pip-version-check -r .ci/zigbuild.txt
	@touch $@

target/corpora/pillow-13.0.0/PKG-INFO: .venv/bin/python
	PYTHON=$(CURDIR)/.venv/bin/python lambda/tests/fetch-pillow-corpus.sh target/corpora

target/tools/installed: .ci/package.json
	@mkdir -p target/tools
	cp .ci/package.json target/tools/package.json
	npm install --prefix target/tools --silent --no-audit --no-fund --no-package-lock
	@touch $@

target/bench/venv/installed: bench/peers/requirements.txt
	$(PYTHON) -m venv target/bench/venv
	target/bench/venv/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers/requirements.txt
	@touch $@

target/bench/node/installed: bench/peers/package.json
	@mkdir -p target/bench/node
	cp bench/peers/package.json target/bench/node/package.json
	npm install --prefix target/bench/node --silent --no-audit --no-fund --no-package-lock
	@touch $@

# Two Debian packages of 140 MB, and two minutes of work.
target/bench/images.json: bench/images/sources.json bench/images/fetch.py bench/images/make.py target/bench/venv/installed
	target/bench/venv/bin/python bench/images/fetch.py target/bench
	target/bench/venv/bin/python bench/images/make.py target/bench

clean: ## Remove everything that is built or installed here
	rm -rf target .venv
