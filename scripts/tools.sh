#!/bin/sh
# Install the Go linters into a folder. A tool that cannot be had is named and left out: the tests say "absent".
set -u
bin="$1"
mkdir -p "$bin"
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
install_tool kube-linter golang.stackrox.io/kube-linter/cmd/kube-linter@v0.8.3
exit 0
