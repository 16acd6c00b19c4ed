# A thin list of commands; the work is done by SwiftPM, .ci/setup and the program itself.
PREFIX ?= /usr/local
DESTDIR ?=
release := .build/release/opengpts
# Its own directory: a program that carries the Swift runtime is compiled with other flags.
installed := .build-install/release/opengpts
packages := .build-install/package

.PHONY: help setup run build page-table test test-web test-service test-kills fuzz sanitize
.PHONY: bench bench-embedding bench-index bench-faults bench-page
.PHONY: format check-format install clean

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
	@if [ -f Tests/Web/requirements.txt ]; then .venv/bin/python -m pytest -q -n 2 --dist loadfile Tests/Web; fi

test-service: package ## Install the packages in a container with a real systemd, and try the service (as root)
	@command -v mmdebstrap systemd-nspawn >/dev/null || apt-get install -y --no-install-recommends mmdebstrap systemd-container
	Tests/Service/run $(packages)

test-kills: setup ## Kill the writer of a vector index again and again, and look at what it left (CYCLES)
	swift build --build-tests
	OPENGPTS_KILL_CYCLES=$(or $(CYCLES),1000) swift test --skip-build --no-parallel --filter IndexKillTests

fuzz: setup ## Fuzz the server by its own description (CASES, SEED)
	swift build --product opengpts
	@[ -x .build/fuzz/bin/schemathesis ] || \
	  { python3 -m venv .build/fuzz && .build/fuzz/bin/pip install -q schemathesis==4.32.5; }
	.build/fuzz/bin/python Tests/Support/fuzz.py $(or $(CASES),10000) $(SEED)

bench: setup ## Measure a start, a turn, streams, ingest, and the vector index beside others (an hour at first)
	swift build -c release --product opengpts
	$(release) bench
	$(release) bench ingest
	@$(MAKE) --no-print-directory bench-index

bench-index: ## Measure the vector index beside hnswlib, usearch and faiss (PARTS, PEERS, ROUNDS, ROWS)
	@[ -x .build/bench/venv/bin/python ] || python3 -m venv .build/bench/venv
	@.build/bench/venv/bin/pip install -q numpy==2.4.6 hnswlib==0.8.0 usearch==2.26.6 faiss-cpu==1.15.1
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 .build/bench/venv/bin/python Tests/Support/bench_index.py \
	  $(release) .build/bench/index --plot Sources/VectorIndex/VectorIndex.docc/growth.svg \
	  $(if $(PARTS),--parts $(PARTS)) $(if $(PEERS),--peers $(PEERS)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(ROWS),--rows $(ROWS))

sanitize: ## Run the vector index's tests under the thread and address sanitizers
	Tests/Support/sanitize.sh

bench-faults: setup ## Measure what fifty faulty model calls do to everybody else
	swift build -c release --product opengpts
	python3 Tests/Support/faults.py $(release)

bench-page: setup ## Measure the page with the browser's own tracing
	@.ci/setup --test
	swift build -c release --product opengpts
	.venv/bin/python Tests/Web/bench_page.py

bench-embedding: setup ## Measure the embedding model beside torch, ctranslate2 and onnxruntime (ROUNDS)
	swift build -c release --product opengpts
	@[ -x .build/bench-embedding/bin/python ] || python3 -m venv .build/bench-embedding
	@.build/bench-embedding/bin/pip install -q torch transformers tokenizers ctranslate2 onnxruntime onnx numpy
	.build/bench-embedding/bin/python Tests/Support/bench_embedding.py $(release) \
	  data/models/all-minilm-l6-v2 $(ROUNDS)

format: ## Format the source
	swift format -i -r -p Package.swift Sources Tests

check-format: ## Fail where the source is not formatted
	swift format lint --strict -r -p Package.swift Sources Tests

program: setup
	swift build -c release --product opengpts --static-swift-stdlib --scratch-path .build-install

install: program ## Install the program and its service (as root; PREFIX and DESTDIR are kept)
	install -D -m 755 $(installed) $(DESTDIR)$(PREFIX)/bin/opengpts
	install -d $(DESTDIR)/etc/systemd/system $(DESTDIR)/etc/opengpts
	sed 's|/usr/local|$(PREFIX)|g' systemd/opengpts.service > $(DESTDIR)/etc/systemd/system/opengpts.service
	[ -e $(DESTDIR)/etc/opengpts/config.toml ] || \
	  $(installed) config example --service > $(DESTDIR)/etc/opengpts/config.toml
	systemd/manual $(installed) $(DESTDIR)$(PREFIX)/share/man/man1
	install -d $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	$(installed) --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/opengpts
	@echo 'Next: systemctl daemon-reload && systemctl enable --now opengpts'
	@echo 'and:  opengpts model install data/models/all-minilm-l6-v2 --data /var/lib/opengpts'

package: program ## Make Debian packages of the program, and of the embedding model
	systemd/debian/build $(installed) $(packages)

clean: ## Remove what was built
	rm -rf .build .build-install .venv Web/vendor
