# Targets explain themselves: make without one lists them.
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -s -w -X main.Version=$(VERSION)

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Without buildvcs: the version comes by the flag, and git does not trust a clone of another owner.
.PHONY: build
build: ## build bin/tiplens
	go build -buildvcs=false -ldflags '$(LDFLAGS)' -o bin/tiplens ./cmd/tiplens

.PHONY: run
run: build ## build and open the program on its embedded data
	bin/tiplens

.PHONY: test
test: ## run all tests; needs no network once modules are there
	go test ./...

.PHONY: test-real
test-real: ## also load real publishers' files: TIPLENS_DATA=folder make test-real
	@test -n "$(TIPLENS_DATA)" || { echo "set TIPLENS_DATA to the folder with the publishers' files"; exit 2; }
	TIPLENS_DATA="$(abspath $(TIPLENS_DATA))" go test -count=1 -run 'Real|PropertyFigure' -v ./cmd/tiplens ./query

.PHONY: fmt
fmt: ## format the code
	gofmt -w cmd datasets models query tui

.PHONY: lint
lint: ## vet, gofmt and staticcheck; what is off is off in the flag, with its reason
	go vet ./...
	@test -z "$$(gofmt -l cmd datasets models query tui)" || { gofmt -l cmd datasets models query tui; echo "run make fmt"; exit 1; }
	# ST1000 wants a comment on every package main of a test; ST1003 dislikes ID lists of publishers; ours have doc.go.
	go tool -modfile=.ci/tools.mod staticcheck -checks 'all,-ST1000,-ST1003' ./...

.PHONY: bench
bench: build ## bytes per key, slow links, start, memory, loading and the engine: RECORDS=1m,10m,50m (default 1m)
	bin/tiplens bench --records $(or $(RECORDS),1m)

.PHONY: bench-peers
bench-peers: build ## the same tasks in VisiData, where it is installed (apt install visidata), and the ratios
	bin/tiplens bench peers --records $(or $(RECORDS),100k,1m)

.PHONY: bench-go
bench-go: ## the benchmarks of single functions
	go test -run xxx -bench . -benchtime 1s ./...

.PHONY: soak
soak: ## ten minutes of random keys on a million records (DURATION=8h for longer)
	TIPLENS_SOAK=$(or $(DURATION),10m) go test ./tui -count=1 -run '^TestSoak$$' -timeout 0 -v

.PHONY: golden
golden: ## rewrite the golden screens after a wanted change; read the diff
	go test ./tui ./cmd/tiplens -update

.PHONY: baseline
baseline: ## rewrite the bytes that each key costs, after a wanted change; read the diff
	go test ./tui -count=1 -run '^TestBytesPerKey$$' -baseline

.PHONY: fuzz
fuzz: ## press 100,000 keys at random (KEYS=1000000 for more), then fuzz every reader for a minute each
	TIPLENS_KEYS=$(or $(KEYS),100000) go test ./tui -count=1 -run '^TestMonkey$$' -timeout 0
	@for p in $$(go list ./...); do for f in $$(go test $$p -list '^Fuzz' | grep ^Fuzz); do \
		go test $$p -run xxx -fuzz "^$$f$$" -fuzztime 60s || exit 1; done; done
