#!/usr/bin/env bash
# Builds the Kubernetes control plane and Authorino that the tests use, once for each state of tools/: into a folder of
# ~/.cache/modelgraph/, with the files that they need beside them, so that neither Go nor its caches are needed afterwards.
# `--where` only prints that folder, and fails where it is not built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/tools"

export CGO_ENABLED=0 GOWORK=off
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/modelgraph
hash=$(cat {kubernetes,authorino}/{go.mod,go.sum,tools.go} | sha256sum | head -c 16)
readonly FOLDER=$CACHE/cluster-tools-$hash

say() { echo "cluster tools: $*" >&2; }

# build MODULE FLAGS -o PATH PACKAGES: in a low priority, with a line for every 250 packages instead of one for each.
build() {
  local module=$1
  shift
  nice go -C "$module" build -mod=readonly -buildvcs=false -trimpath -p 2 -v "$@" 2>&1 | awk -v module="$module" '
    /^go: downloading / { next }
    /^[^ ]+$/ { if (++count % 250 == 0) { print "cluster tools: " module ", " count " packages compiled"; fflush() } next }
    { print; fflush() }' >&2
}

# of_module MODULE FIELD NAME: what Go knows of a module that MODULE requires.
of_module() {
  go -C "$1" list -mod=readonly -m -f "{{.$2}}" "$3"
}

build_all() {
  local into=$1 kubernetes kwok authorino name=k8s.io/component-base/version
  kubernetes=$(of_module kubernetes Version k8s.io/kubernetes) # which the commands do not know by themselves
  name="-X $name.gitVersion=$kubernetes -X $name.gitMajor=1 -X $name.gitMinor=$(cut -d. -f2 <<<"$kubernetes")"
  build kubernetes -ldflags "-s -w $name" -o "$into/" k8s.io/kubernetes/cmd/kube-{apiserver,controller-manager,scheduler} \
    k8s.io/kubernetes/cmd/kubectl sigs.k8s.io/kwok/cmd/kwok
  build kubernetes -ldflags '-s -w' -o "$into/etcd" go.etcd.io/etcd/server/v3
  build authorino -ldflags '-s -w' -o "$into/authorino" github.com/kuadrant/authorino
  kwok=$(of_module kubernetes Dir sigs.k8s.io/kwok)/kustomize/stage
  authorino=$(of_module authorino Dir github.com/kuadrant/authorino)
  sed -s '1i ---' "$kwok"/{node/fast,node/heartbeat-with-lease,pod/fast}/*-*.yaml >"$into/kwok-stages.yaml"
  cp "$authorino/install/manifests.yaml" "$into/authorino.yaml"
  chmod u+w "$into"/*.yaml
}

if [[ ${1:-} == --where ]]; then
  echo "$FOLDER"
  [[ -d $FOLDER ]]
  exit
fi
[[ ! -d $FOLDER ]] || exit 0
command -v go >/dev/null || {
  say 'there is no Go here, which builds them: install Go 1.26 or newer (https://go.dev/dl/) and put it on the PATH'
  exit 1
}
mkdir -p "$CACHE"
exec 9>"$CACHE/cluster-tools.lock"
flock 9 # another build of the same is as good
[[ ! -d $FOLDER ]] || exit 0
rm -rf "$CACHE"/cluster-tools-*.half
say "building into $FOLDER; about ten minutes on two cores, once"
mkdir "$FOLDER.half"
build_all "$FOLDER.half"
mv -T "$FOLDER.half" "$FOLDER"
say "built in $SECONDS s"
