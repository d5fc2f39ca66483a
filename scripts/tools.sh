#!/bin/sh
# Install the Go linters into a folder. A tool that cannot be had is named and left out: the tests say "absent".
set -u
bin="$1"
mkdir -p "$bin"
bin="$(cd "$bin" && pwd)"
if ! command -v go >/dev/null 2>&1; then
  echo "tools: Go is not here; actionlint, kubeconform, kube-linter and helm are left out"
  exit 0
fi
install_tool() {
  name="$1"; module="$2"
  if [ -x "$bin/$name" ] && [ "$(cat "$bin/.$name" 2>/dev/null)" = "$module" ]; then return; fi
  if GOBIN="$bin" GOFLAGS=-mod=mod go install "$module" 2>"$bin/.$name.log"; then
    echo "$module" >"$bin/.$name"
    echo "tools: $module"
  else
    echo "tools: $name could not be installed: $(tail -n 1 "$bin/.$name.log")"
  fi
}
install_tool actionlint github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
install_tool kubeconform github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0
install_tool helm helm.sh/helm/v3/cmd/helm@v3.22.0
# kube-linter's module has a name of its own, which not every proxy serves: its repository stands in for it.
version=v0.8.3
if [ ! -x "$bin/kube-linter" ] || [ "$(cat "$bin/.kube-linter" 2>/dev/null)" != "$version" ]; then
  work="$(mktemp -d)"
  printf 'module tools\n\ngo 1.24\n\nrequire golang.stackrox.io/kube-linter %s\n\nreplace golang.stackrox.io/kube-linter => github.com/stackrox/kube-linter %s\n' \
    "$version" "$version" >"$work/go.mod"
  if (cd "$work" && GOBIN="$bin" GOFLAGS=-mod=mod go install golang.stackrox.io/kube-linter/cmd/kube-linter) 2>"$bin/.kube-linter.log"; then
    echo "$version" >"$bin/.kube-linter"
    echo "tools: kube-linter $version"
  else
    echo "tools: kube-linter could not be installed: $(tail -n 1 "$bin/.kube-linter.log")"
  fi
  rm -rf "$work"
fi
exit 0
