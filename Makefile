# Hearth. `make run` shows it at work; `make test` passes the tests; `make help` lists the rest.

BIN     := bin/hearthd
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOFLAGS_BUILD := -ldflags "-X main.version=$(VERSION)"
export HEARTH_ASSETS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/assets

REFERENCE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/hassil-reference
HEARTH_SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help run build assets test e2e-full check lint vuln bench fuzz eval chatter reference clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build assets ## build Hearth, start it in a simulated home and speak to it; Ctrl-C ends it
	@packaging/deps.sh run
	@$(BIN) demo

build: ## build bin/hearthd
	@packaging/deps.sh build
	go build $(GOFLAGS_BUILD) -o $(BIN) ./cmd/hearthd

assets: ## fetch sentence templates, recogniser and its runtime, by version and checksum
	@packaging/assets.sh

test: build assets ## vet, unit tests with the race detector, end-to-end scripts
	@packaging/deps.sh test
	go vet ./...
	go test -race $(TESTFLAGS) ./...

# The newest Home Assistant that Hearth is tested with; `make test` takes the oldest, if it is installed.
NEWEST := 2026.11.0
NEWEST_DIR := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/home-assistant-$(NEWEST)

e2e-full: build assets $(NEWEST_DIR) ## the script against a real Home Assistant, with the newest version
	HEARTH_HA_VERSION=$(NEWEST) go test -count=1 -v -run '^TestHomeAssistant' ./cmd/hearthd

$(NEWEST_DIR):
	HA_VERSION=$(NEWEST) PYTHON_MIN=3.14.2 SUITE=forky $(HEARTH_SHARED)/recipes/home-assistant/install.sh $@ || { rm -rf $@; exit 1; }

check: test lint vuln ## everything that CI checks

lint: ## golangci-lint, at the version in .ci/versions
	.ci/tool golangci-lint run

vuln: ## govulncheck, where its database can be reached
	.ci/vuln

bench: ## benchmarks of the hot paths, with allocations
	go test -run '^$$' -bench . -benchmem ./daemon/... ./storage/... ./audio/...

FUZZTIME ?= 10s
fuzz: ## each fuzz test for ten seconds, or for FUZZTIME=10m
	.ci/fuzz $(FUZZTIME)

eval: build assets ## score hearing and understanding on the data in HEARTH_SHARED
	$(BIN) eval voice $(HEARTH_SHARED)/data/voice/manifest.jsonl --homes $(HEARTH_SHARED)/data/voice/homes.json
	$(BIN) eval intents $(HEARTH_SHARED)/data/intents/tests

# Three books in the public domain, which Go and two of the modules in go.sum bring along for their own tests.
chatter: build assets ## count the sentences of three books that would act on a home
	$(BIN) eval chatter --lang en "$$(go env GOROOT)/src/testdata/Isaac.Newton-Opticks.txt" \
	  "$$(go list -m -f '{{.Dir}}' github.com/klauspost/compress)/testdata/Mark.Twain-Tom.Sawyer.txt" \
	  "$$(go list -m -f '{{.Dir}}' github.com/ollama/ollama)/tokenizer/testdata/war-and-peace.txt"

reference: assets $(REFERENCE) ## compare the sentence engine with Python hassil: choices and times (REFERENCEFLAGS)
	PYTHONPATH=$(REFERENCE) go run ./daemon/intent/conformance/reference -tests $(HEARTH_SHARED)/data/intents/tests $(REFERENCEFLAGS)

$(REFERENCE): daemon/intent/conformance/reference/requirements.txt
	rm -rf $@ $@.partial
	python3 -m pip install --quiet --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes --target $@.partial -r $<
	mv $@.partial $@ && touch $@

clean: ## remove what was built and the state of `make run`
	rm -rf bin dist var
