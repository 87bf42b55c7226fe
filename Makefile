# What a newcomer types. "make help" lists the targets.
GO       ?= go
DATA     ?= .guitu
PG_BIN   := $(firstword $(wildcard /usr/lib/postgresql/*/bin/initdb) $(shell command -v initdb 2>/dev/null))
LINT     := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
WFCHECK  := go.temporal.io/sdk/contrib/tools/workflowcheck@v0.6.0
GOFUMPT  := mvdan.cc/gofumpt@v0.12.0
VULN     := golang.org/x/vuln/cmd/govulncheck@v1.9.0
SECRETS  := github.com/zricethezav/gitleaks/v8@v8.30.0
SBOM     := github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.9.0
TEST_TIMEOUT ?= 15m

.PHONY: help
help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

.PHONY: setup
setup: ## install PostgreSQL where it is missing
	@$(if $(PG_BIN),true,./scripts/install-postgres)

.PHONY: web
web: ## build the pages into web/dist, where Node is there and their sources are newer
	@GO="$(GO)" ./scripts/build-web

.PHONY: dev
dev: setup web ## run everything on this machine and say where it serves (ARGS="--demo --speed 2000 --from 2026-01-05")
	@GO="$(GO)" ./scripts/build ./cmd/guitu-dev bin/guitu-dev
	@bin/guitu-dev --data $(DATA) $(ARGS)

.PHONY: test
test: setup ## run all tests but those of the pages
	$(GO) run ./internal/pgtest/with -- $(GO) test -timeout $(TEST_TIMEOUT) ./...

.PHONY: e2e
e2e: setup ## walk through the pages in Chromium, against a guitu-dev of its own
	@GO="$(GO)" ./scripts/test-pages

.PHONY: screenshots
screenshots: build ## take a picture of every screen in both languages into docs/screens
	./scripts/with-chromium node web/e2e/screens.mjs

.PHONY: race
race: setup ## run all tests with the race detector
	$(GO) run ./internal/pgtest/with -- $(GO) test -race -timeout 30m ./...

.PHONY: static
static: ## what reads the code without running it: gofmt, vet, golangci-lint, workflowcheck
	@test -z "$$(gofmt -l .)" || (gofmt -l . ; echo "run gofmt"; exit 1)
	$(GO) vet ./...
	cd bench && $(GO) vet -mod=mod ./...
	$(GO) run $(LINT) run ./...
	$(GO) run $(WFCHECK) -config workflowcheck.yml ./workflows/...

.PHONY: lint-api
lint-api: ## lint the OpenAPI document with redocly (needs Node.js)
	@dir=$$(mktemp -d) && GUITU_TEST_OPENAPI=$$dir/openapi.json $(GO) test -count 1 ./api -run TestEveryOperationHasASummaryATagAnExampleAndItsErrors >/dev/null && \
	npx --yes @redocly/cli@2 lint --config deploy/redocly.yaml $$dir/openapi.json; status=$$?; rm -rf $$dir; exit $$status

.PHONY: check
check: setup static secrets sbom ## everything that has to pass before a commit
	$(MAKE) race
	@GO="$(GO)" ./scripts/vuln $(VULN) --offline-ok

.PHONY: secrets
secrets: ## look for passwords, keys and tokens in the sources
	$(GO) run $(SECRETS) dir . --no-banner --redact -v

.PHONY: sbom
sbom: ## write what the programs and the pages are made of, as CycloneDX, into bin/
	@mkdir -p bin
	$(GO) run $(SBOM) mod -json -licenses -type application -output bin/guitu.cdx.json . 2>bin/sbom.log || { cat bin/sbom.log; exit 1; }
	@if ./scripts/has-node; then cd web && npm sbom --package-lock-only --sbom-format cyclonedx >../bin/web.cdx.json; else echo "the pages are left out: Node.js is missing"; fi

.PHONY: vuln
vuln: ## look for known vulnerabilities (needs the network)
	@GO="$(GO)" ./scripts/vuln $(VULN)

.PHONY: bench
bench: setup ## measure, in one run, interleaved, medians
	cd bench && $(GO) run -mod=mod . $(ARGS)

.PHONY: build
build: web ## build the product into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o bin/guitu ./cmd/guitu
	$(GO) build -trimpath -o bin/guitu-dev ./cmd/guitu-dev
