# A thin list of commands; the work is done by SwiftPM, .ci/setup and the program itself.
PREFIX ?= /usr/local
DESTDIR ?=
release := .build/release/opengpts
# Its own directory: a program that carries the Swift runtime is compiled with other flags.
installed := .build-install/release/opengpts

.PHONY: help setup run build page-table test test-web fuzz bench bench-index sanitize format check-format install clean

help: ## Say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' Makefile | expand -t 22

setup: ## Install what is missing and fetch the embedding model
	@.ci/setup

run: setup ## Build and serve on http://127.0.0.1:8100, data in ./data
	swift build -c release --product opengpts
	$(release) serve

build: setup ## Build for release
	swift build -c release

page-table: ## List the files of Web/ anew for the program that carries them
	@.ci/page-table

test: ## Run all tests, in the browser too
	@.ci/setup --test
	swift build --build-tests
	swift test --skip-build --no-parallel
	@$(MAKE) --no-print-directory test-web

test-web: ## Run the browser's journeys against the built program
	@if [ -f Tests/Web/requirements.txt ]; then .venv/bin/python -m pytest -q Tests/Web; fi

fuzz: setup ## Fuzz the server by its own description (CASES, SEED)
	swift build --product opengpts
	@[ -x .build/fuzz/bin/schemathesis ] || \
	  { python3 -m venv .build/fuzz && .build/fuzz/bin/pip install -q schemathesis==4.32.5; }
	.build/fuzz/bin/python Tests/Support/fuzz.py $(or $(CASES),10000) $(SEED)

bench: setup ## Measure a start, a turn, streams, and the vector index beside others (an hour at first)
	swift build -c release --product opengpts
	$(release) bench
	@$(MAKE) --no-print-directory bench-index

bench-index: ## Measure the vector index beside hnswlib, usearch and faiss (PARTS, PEERS, ROUNDS)
	@[ -x .build/bench/venv/bin/python ] || python3 -m venv .build/bench/venv
	@.build/bench/venv/bin/pip install -q numpy==2.4.6 hnswlib==0.8.0 usearch==2.26.6 faiss-cpu==1.15.1
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .build/bench/venv/bin/python Tests/Support/bench_index.py \
	  $(release) .build/bench/index --plot Sources/VectorIndex/VectorIndex.docc/growth.svg \
	  $(if $(PARTS),--parts $(PARTS)) $(if $(PEERS),--peers $(PEERS)) $(if $(ROUNDS),--rounds $(ROUNDS))

sanitize: ## Run the vector index's tests under the thread and address sanitizers
	Tests/Support/sanitize.sh

format: ## Format the source
	swift format -i -r -p Package.swift Sources Tests

check-format: ## Fail where the source is not formatted
	swift format lint --strict -r -p Package.swift Sources Tests

install: setup ## Install the program and its service (as root; PREFIX and DESTDIR are kept)
	swift build -c release --product opengpts --static-swift-stdlib --scratch-path .build-install
	install -D -m 755 $(installed) $(DESTDIR)$(PREFIX)/bin/opengpts
	install -d $(DESTDIR)/etc/systemd/system $(DESTDIR)/etc/opengpts
	sed 's|/usr/local|$(PREFIX)|' systemd/opengpts.service > $(DESTDIR)/etc/systemd/system/opengpts.service
	[ -e $(DESTDIR)/etc/opengpts/config.toml ] || \
	  $(installed) config example > $(DESTDIR)/etc/opengpts/config.toml
	@echo 'Next: systemctl daemon-reload && systemctl enable --now opengpts'
	@echo 'and:  opengpts model install data/models/all-minilm-l6-v2 --data /var/lib/opengpts'

clean: ## Remove what was built
	rm -rf .build .build-install .venv Web/vendor
