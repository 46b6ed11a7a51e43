#!/usr/bin/env bats
# Statements about an image beside it, in BuildKit's format: --provenance, --sbom, --attest. skopeo and umoci judge.
bats_require_minimum_version 1.5.0
load helper
load registry

setup() {
  private_roots
  cd "$BATS_TEST_TMPDIR"
  mkdir -p context/dpkg context/apk
  busybox_rootfs rootfs
  tar -C rootfs --numeric-owner --owner=0 --group=0 -cf base.tar .
  layerctl import base.tar busybox >/dev/null
  cat >context/dpkg/status <<'EOF2'
Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9+deb12u4
Description: GNU C Library
 of which this line is a part: of it

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1:2

EOF2
  printf 'C:Q1x\nP:musl\nV:1.2.4-r2\nA:x86_64\nL:MIT\n\nP:zlib\nV:1.3-r0\nA:x86_64\n' >context/apk/installed
  cat >context/Dockerfile <<'EOF2'
FROM busybox AS other
RUN echo other >/other
FROM busybox
ARG COLOUR
RUN --mount=type=secret,id=s cat /run/secrets/s >/dev/null
COPY dpkg /var/lib/dpkg
COPY apk /lib/apk/db
COPY --from=other /other /
EOF2
  echo hidden-from-all >secret
}

teardown() { end_registries; }

# attestation FILE…: the index's statements, one a file, from the layout at ./layout.
statements() {
  local index manifest
  index=$(jq -r '.manifests[0].digest' layout/index.json)
  manifest=$(jq -r '.manifests[]|select(.annotations["vnd.docker.reference.type"]=="attestation-manifest").digest' "layout/blobs/${index/://}")
  jq -r '.layers[].digest' "layout/blobs/${manifest/://}" | while read -r digest; do cat "layout/blobs/${digest/://}"; echo; done
}

@test "--provenance and --sbom: an index with the image and an attestation manifest, of which the image knows nothing" {
  needs skopeo umoci
  plain=$(tote build -q --secret id=s,src=secret context)
  id=$(tote build -q -t app --secret id=s,src=secret --provenance=mode=max --sbom=true --build-arg COLOUR=red \
    -o type=image -o type=oci,tar=false,dest=layout context)
  tote build -q --secret id=s,src=secret --build-arg COLOUR=red context >same
  [ "$(cat same)" = "$id" ]
  [ "$plain" != "$id" ]
  image=$(jq -r '.manifests[0].digest' layout/index.json)
  jq -e '.mediaType == "application/vnd.oci.image.index.v1+json" and (.manifests|length) == 2 and
    .manifests[1].platform == {"architecture":"unknown","os":"unknown"} and
    .manifests[1].annotations["vnd.docker.reference.digest"] == .manifests[0].digest' "layout/blobs/${image/://}"
  statements >all
  [ "$(jq -r .predicateType all)" = $'https://slsa.dev/provenance/v0.2\nhttps://spdx.dev/Document' ]
  jq -se '.[0].predicate|.invocation.parameters.args["build-arg:COLOUR"] == "red" and .buildType == "https://mobyproject.org/buildkit@v1" and
    (.materials|length) == 1 and (.materials[0].uri|startswith("pkg:docker/busybox@latest?platform=linux%2F"))' all
  [ "$(jq -sr '.[1].predicate.packages|map(.externalRefs[0].referenceLocator)|join(" ")' all)" = \
    "pkg:deb/linux/libc6@2.36-9%2Bdeb12u4?arch=amd64 pkg:apk/linux/musl@1.2.4-r2?arch=x86_64 pkg:apk/linux/zlib@1.3-r0?arch=x86_64" ]
  jq -se --arg d "$(jq -r '.manifests[0].digest|sub("sha256:";"")' "layout/blobs/${image/://}")" 'all(.[]; .subject[0].digest.sha256 == $d)' all
  ! grep -r hidden-from-all layout "$TOTE_ROOT"
  # Others read it, and so do we.
  skopeo copy -q --all oci:layout oci:copied:x
  [ "sha256:$(skopeo inspect --raw --config oci:layout | sha256sum | cut -d ' ' -f 1)" = "$id" ]
  [ "$(layerctl images -q --no-trunc app)" = "$id" ]
  layerctl fsck
  tote save app | TOTE_ROOT=$PWD/other layerctl load -q
  [ "$(TOTE_ROOT=$PWD/other layerctl images -q --no-trunc app)" = "$id" ]
}

@test "an image with attestations is pushed with them, and run without" {
  needs docker-registry skopeo
  local port=$((20000 + RANDOM % 10000))
  registry "$port"
  tote build -q -t "127.0.0.1:$port/app" --secret id=s,src=secret --attest type=provenance --push context >/dev/null
  skopeo inspect --tls-verify=false --raw "docker://127.0.0.1:$port/app" >index.json
  jq -e '.manifests|length == 2' index.json
  digest=$(jq -r '.manifests[1].digest' index.json)
  skopeo inspect --tls-verify=false --raw "docker://127.0.0.1:$port/app@$digest" | jq -e '.layers[0].mediaType == "application/vnd.in-toto+json"'
  # In mode=min neither arguments nor secrets' names are told.
  blob=$(skopeo inspect --tls-verify=false --raw "docker://127.0.0.1:$port/app@$digest" | jq -r '.layers[0].digest')
  curl -sf "http://127.0.0.1:$port/v2/app/blobs/$blob" | jq -e '.predicate.invocation.parameters|has("args") or has("secrets")|not'
  tote rmi "127.0.0.1:$port/app" >/dev/null
  [ "$(tote run --rm "127.0.0.1:$port/app" cat /other)" = other ]
  for bad in '--provenance=mode=most' '--sbom=maybe' '--attest=type=nope' '--attest=type=sbom,colour=red'; do
    run tote build "$bad" context
    [ "$status" = 2 ]
  done
}
