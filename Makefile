# tote: containers as small programs. `make demo` shows it, `make test` proves it.
PREFIX ?= /usr/local
DESTDIR ?=
CONFIGURATION ?= release
TOOLS := dfparse layerctl ocibundle runc-swift ctrmon netctl portmap ociship cfparse
BIN := .build/$(CONFIGURATION)

# What a build needs, and what running needs besides (Debian's names).
BUILD_PACKAGES := libarchive-dev libcurl4-openssl-dev libisal-dev libseccomp-dev libssl-dev libyaml-dev libzstd-dev zlib1g-dev \
	binutils pkg-config
RUN_PACKAGES := jq busybox-static curl git tini
# Other people's tools that judge ours in the tests.
TEST_PACKAGES := acl apache2-utils attr bats bsdextrautils buildah catatonit conmon containerd containernetworking-plugins crun docker-registry \
	docker.io golang-github-opencontainers-image-spec-dev golang-github-opencontainers-specs-dev hyperfine iproute2 iptables libarchive-tools \
	libcap2-bin mandoc mmdebstrap netavark nftables passt podman procps python3-jsonschema runc shellcheck skopeo strace uidmap umoci xz-utils zstd

.PHONY: all release deps deps-test test unit integration conformance bench fuzz check fmt demo install uninstall clean

all: release

# Builds every tool, optimised.
release:
	swift build -c $(CONFIGURATION)

# Installs what is missing to build and run, from Debian's packages.
deps:
	@./deps.sh $(BUILD_PACKAGES) $(RUN_PACKAGES)

# Installs the judges as well.
deps-test:
	@./deps.sh $(BUILD_PACKAGES) $(RUN_PACKAGES) $(TEST_PACKAGES)

# Everything: unit tests, then the tools among other people's tools. Needs root.
test: deps-test
	@Tests/run

# Unit tests alone.
unit:
	swift test

# The tools in real pipelines, judged by other projects' tools.
integration: release
	bats Tests/integration

# The runtime against the specification, section by section; RUNTIME=runc judges another.
conformance: release
	bats Tests/conformance

# Speed as ratios to the peers, measured in the same run.
bench: deps-test release
	bench/run

# libFuzzer on the parsers, FUZZ_SECONDS (20) each.
fuzz: deps
	Tests/fuzz/run

# Formatting, shell, manual pages, the dependency arrows.
check:
	swift format lint --strict --recursive Sources Tests Package.swift
	shellcheck -x deps.sh wrapper/tote wrapper/verbs/* wrapper/compose/* wrapper/compose.sh wrapper/compose-steps.sh wrapper/rootless.sh Tests/run Tests/integration/runtime-load.sh Tests/fuzz/run bench/*.sh examples/demo.sh
	mandoc -Tlint -Wwarning man/*.[1-8]
	swift test --filter ArchitectureTests

# Formats the Swift sources in place.
fmt:
	swift format format --in-place --recursive Sources Tests Package.swift

# From a Dockerfile to a served page and back to a clean machine. Needs root.
demo: deps release
	@examples/demo.sh

# Tools, wrapper, manual pages, schemas and completions below $(DESTDIR)$(PREFIX).
install: release
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/libexec/tote/verbs $(DESTDIR)$(PREFIX)/libexec/tote/compose $(DESTDIR)$(PREFIX)/share/tote/schemas \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d
	install -s -m 755 $(addprefix $(BIN)/,$(TOOLS)) $(DESTDIR)$(PREFIX)/bin
	install -m 755 wrapper/tote $(DESTDIR)$(PREFIX)/bin/tote
	install -m 644 wrapper/verbs/* $(DESTDIR)$(PREFIX)/libexec/tote/verbs
	install -m 644 wrapper/compose/* $(DESTDIR)$(PREFIX)/libexec/tote/compose
	install -m 644 wrapper/compose.sh wrapper/compose-steps.sh wrapper/rootless.sh $(DESTDIR)$(PREFIX)/libexec/tote
	install -m 644 schemas/*.json $(DESTDIR)$(PREFIX)/share/tote/schemas
	for page in man/*.[1-8]; do install -D -m 644 $$page $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done
	for tool in $(TOOLS); do \
	  $(BIN)/$$tool --generate-completion-script bash > $(DESTDIR)$(PREFIX)/share/bash-completion/completions/$$tool; \
	  $(BIN)/$$tool --generate-completion-script fish > $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/$$tool.fish; \
	done
	install -m 644 wrapper/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/tote

# Takes away what install put there.
uninstall:
	rm -f $(addprefix $(DESTDIR)$(PREFIX)/bin/,$(TOOLS) tote) $(addprefix $(DESTDIR)$(PREFIX)/share/bash-completion/completions/,$(TOOLS) tote)
	rm -f $(addsuffix .fish,$(addprefix $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/,$(TOOLS)))
	rm -rf $(DESTDIR)$(PREFIX)/libexec/tote $(DESTDIR)$(PREFIX)/share/tote
	for page in man/*.[1-8]; do rm -f $(DESTDIR)$(PREFIX)/share/man/man$${page##*.}/$${page##*/}; done

clean:
	rm -rf .build
