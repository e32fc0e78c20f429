# Hearth. `make run` shows it at work; `make test` passes the tests; `make help` lists the rest.

BIN     := bin/hearthd
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
GOFLAGS_BUILD := -ldflags "-X main.version=$(VERSION)"
export HEARTH_ASSETS ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/assets

REFERENCE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/hassil-reference
HEARTH_SHARED ?= ../shared

.DEFAULT_GOAL := help
.PHONY: help run build assets deb test-deb test-vm deb-reproducible wear release test home-assistant ollama e2e-full check lint vuln bench fuzz eval chatter reference clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

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
	go test -race -timeout 20m $(TESTFLAGS) ./...

DEB_ARCHES ?= amd64 arm64 armhf
deb: ## build the Debian packages of DEB_ARCHES in dist
	@packaging/deps.sh build
	@packaging/deps.sh deb
	packaging/deb.sh $(DEB_ARCHES)

# On a Debian that really boots, in a container; as root.
DEB   = $(abspath dist/hearthd_$(or $(shell packaging/version.sh deb),$(error there is no version of the package))_amd64.deb)
BOOTS = go test -tags boot -count=1 -v -timeout 40m ./packaging/boot -deb $(DEB)

test-deb: ## build the package for amd64, look at it, install it on Debian 12, have Prometheus ask a hub all that the dashboard does
	@packaging/deps.sh build
	@packaging/deps.sh test-deb
	packaging/deb.sh amd64
	packaging/check.sh $(DEB)
	go test -tags boot -count=1 ./packaging/monitoring
	$(BOOTS) -run '^Test(Install|AsSafeAsPromised|ItHears|AnUpgradeThatDoesNotStart|Backup|Setup|Support|TheReadme)$$'

test-vm: ## boot the package for arm64 in a machine of its own, with its own kernel; as root
	@packaging/deps.sh deb
	@packaging/deps.sh test
	@packaging/deps.sh test-vm
	packaging/deb.sh arm64
	go test -tags vm -count=1 -v -timeout 60m ./packaging/vm -deb $(DEB:amd64.deb=arm64.deb)

deb-reproducible: ## build the packages of DEB_ARCHES twice, in other places, and compare them
	packaging/reproducible.sh $(DEB_ARCHES)

wear: build assets ## measure for ten minutes what a memory card has to take in a day, as root
	packaging/wear.sh $(BIN)

release: ## packages, checksums, list of parts (SBOM) and licences in dist/release, built twice and compared
	@packaging/deps.sh build
	@packaging/deps.sh deb
	@packaging/deps.sh release
	packaging/release.sh $(DEB_ARCHES)

# Home Assistant as it is tested with. A recipe of HEARTH_SHARED installs it once, from packages at pinned versions;
# without it `make test` leaves those tests out and says so.
HOMES  := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/home-assistant
RECIPE := $(HEARTH_SHARED)/recipes/home-assistant/install.sh

home-assistant: ## install the Home Assistant that `make test` runs against
	@packaging/deps.sh home-assistant
	HA_VERSION=2026.2.3 $(RECIPE) $(HOMES)-2026.2.3
	$(call ollama-client,$(HOMES)-2026.2.3,0.5.1)

# The client of Home Assistant's integration for Ollama, at the version that integration asks for.
ollama-client = ls -d $(1)/venv/lib/python3*/site-packages/ollama-$(2).dist-info >/dev/null 2>&1 || \
	$(dir $(RECIPE))ha.sh exec $(1) venv/bin/pip install -q --no-compile -c $(1)/constraints.txt ollama==$(2)

ollama: ## install the Ollama that `make test` runs against
	@packaging/deps.sh ollama
	$(HEARTH_SHARED)/recipes/ollama/install.sh $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/hearth/ollama

e2e-full: build assets ## the tests against the newest Home Assistant, and of the package on Debian 12 and 13, Ubuntu 24.04, and arm64 with a kernel of its own
	@packaging/deps.sh home-assistant
	HA_VERSION=2026.11.0 PYTHON_MIN=3.14.2 SUITE=forky $(RECIPE) $(HOMES)-2026.11.0
	$(call ollama-client,$(HOMES)-2026.11.0,0.6.2)
	HEARTH_HA_VERSION=2026.11.0 go test -count=1 -v -timeout 40m -run '^Test(HomeAssistant|AHundredTurns)' ./cmd/hearthd
	HEARTH_HA_VERSION=2026.11.0 go test -count=1 -v -timeout 40m -run '^TestScripts$$/^pair$$' ./cmd/hearthd
	$(MAKE) test-deb
	previous=$$(packaging/previous.sh) && $(BOOTS) -suites bookworm,trixie,noble -previous "$$previous"
	$(MAKE) deb DEB_ARCHES='arm64 armhf'
	packaging/check.sh $(DEB:amd64.deb=arm64.deb) $(DEB:amd64.deb=armhf.deb)
	packaging/foreign.sh $(DEB:amd64.deb=arm64.deb) $(DEB:amd64.deb=armhf.deb)
	$(MAKE) test-vm

check: test lint vuln ## tests, linter and known vulnerabilities; CI (.ci/run) also looks at the package, scripts and skipped tests

lint: ## golangci-lint, at the version in .ci/versions
	.ci/tool golangci-lint run

vuln: ## govulncheck, where its database can be reached
	.ci/vuln

bench: ## benchmarks of the hot paths, with allocations
	go test -run '^$$' -bench . -benchmem ./daemon/... ./storage/... ./audio/...
	go test -run '^$$' -bench . -benchtime 1x ./cmd/hearthd

FUZZTIME ?= 10s
fuzz: ## each fuzz test for ten seconds, or for FUZZTIME=10m
	.ci/fuzz $(FUZZTIME)

eval: build assets ## score hearing and understanding on the data in HEARTH_SHARED
	$(BIN) eval voice $(HEARTH_SHARED)/data/voice/manifest.jsonl --homes $(HEARTH_SHARED)/data/voice/homes.json
	$(BIN) eval voice $(HEARTH_SHARED)/data/voice/manifest.jsonl --homes $(HEARTH_SHARED)/data/voice/homes.json --after "okay computer"
	$(BIN) eval wake $(HEARTH_SHARED)/data/voice/manifest.jsonl \
	  --text "$$(go list -m -f '{{.Dir}}' github.com/klauspost/compress)/testdata/Mark.Twain-Tom.Sawyer.txt"
	$(BIN) eval intents $(HEARTH_SHARED)/data/intents/tests
	$(BIN) eval assist $(HEARTH_SHARED)/data/assist/assist-mini.jsonl --homes $(HEARTH_SHARED)/data/assist/assist-mini.homes.json
	$(BIN) eval assist $(HEARTH_SHARED)/data/assist/questions.jsonl --homes $(HEARTH_SHARED)/data/assist/questions.homes.json

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
