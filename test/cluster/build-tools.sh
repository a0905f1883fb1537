#!/usr/bin/env bash
# Builds the Kubernetes control plane and Authorino that the tests use, once for each state of tools/: into a folder of
# ~/.cache/modelgraph/, with the files that they need beside them, so that neither Go nor its caches are needed afterwards;
# and into another one the definitions of kinds that the manifests have from others: HTTPRoute, PodMonitor, PrometheusRule.
# `--where` only prints those folders, and fails where one is not built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/tools"

export CGO_ENABLED=0 GOWORK=off
readonly CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/modelgraph
TOOLS=$CACHE/cluster-tools-$(cat {kubernetes,authorino}/{go.mod,go.sum,tools.go} | sha256sum | head -c 16)
KINDS=$CACHE/cluster-kinds-$(cat kinds/{go.mod,go.sum,tools.go} | sha256sum | head -c 16)
readonly TOOLS KINDS

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

build_tools() {
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

# The Gateway API has its definitions in its module; those of the Prometheus operator are made of its types, as it does.
build_kinds() {
  local into=$1 gateway monitoring=github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1
  build kinds -o "$into/controller-gen" sigs.k8s.io/controller-tools/cmd/controller-gen
  (cd kinds && "$into/controller-gen" crd paths=$monitoring "output:dir=$into/monitoring")
  go -C kinds mod download sigs.k8s.io/gateway-api
  gateway=$(of_module kinds Dir sigs.k8s.io/gateway-api)
  cat "$gateway"/config/crd/standard/*_httproutes.yaml "$into"/monitoring/*_{podmonitors,prometheusrules}.yaml \
    >"$into/kinds.yaml"
  rm -r "$into"/{controller-gen,monitoring}
}

# once FOLDER BUILD: has BUILD fill the folder, which is there whole or not at all.
once() {
  [[ ! -d $1 ]] || return 0
  rm -rf "${1%-*}"-*.half
  say "building into $1"
  mkdir "$1.half"
  "$2" "$1.half"
  mv -T "$1.half" "$1"
  say "built in $SECONDS s"
}

if [[ ${1:-} == --where ]]; then
  echo "$TOOLS"
  echo "$KINDS"
  [[ -d $TOOLS && -d $KINDS ]]
  exit
fi
[[ ! -d $TOOLS || ! -d $KINDS ]] || exit 0
command -v go >/dev/null || {
  say 'there is no Go here, which builds them: install Go 1.26 or newer (https://go.dev/dl/) and put it on the PATH'
  exit 1
}
mkdir -p "$CACHE"
exec 9>"$CACHE/cluster-tools.lock"
flock 9 # another build of the same is as good
[[ -d $TOOLS ]] || say 'about eight minutes of two cores, once'
once "$TOOLS" build_tools
once "$KINDS" build_kinds
