"""How new objects join what is applied: entries in the kustomization, patches, or edits of the manifests themselves."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.deployment.strategies.kustomize import Manifest
from devops_orchestrator.domains.deployment.strategies.workload import Target
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Change, Node

ROLLOUT = "argoproj.io/v1alpha1"


def edit(path: str, change: Change) -> Edit:
    """A change of a YAML text as an edit of its file."""
    return Edit(path, *change)


def join(target: Target, files: Sequence[str], patches: Sequence[str]) -> Iterator[Edit]:
    """Put files and patches (YAML texts of `patches:` entries) into the target's kustomization."""
    root = target.root
    if root is None:
        return
    listed = set(root.paths("resources"))
    new = [name for name in files if f"{root.folder}/{name}".removeprefix("./") not in listed]
    yield from _entries(root.path, root.node, "resources", new, after=None)
    yield from _entries(root.path, root.node, "patches", list(patches), after="resources")


def _entries(path: str, node: Node, key: str, items: list[str], after: str | None) -> Iterator[Edit]:
    if not items:
        return
    listed = node.get(key)
    if listed is not None and listed.kind == "list" and list(listed.children()):
        yield from (edit(path, yaml.append_item(listed, item)) for item in items)
        return
    block = key + ":\n" + "\n".join("  - " + textwrap.indent(item, "    ").lstrip() for item in items)
    yield edit(path, yaml.insert_after_key(node, after or "kind", block))


def release_replicas(target: Target) -> tuple[list[Edit], list[str]]:
    """(edits, patches) that take `replicas` of the Deployment out of what is applied.

    While they are written there, each apply starts the Deployment's own pods again beside those of the Rollout.
    """
    edits: list[Edit] = []
    patches: list[str] = []
    if target.is_direct:
        spec = target.deployment.object.get("spec")
        if spec is not None and spec.pair("replicas"):
            edits.append(edit(target.deployment.path, yaml.remove_pair(spec, "replicas")))
    elif target.replicas is not None:
        patches.append(
            f"target:\n  kind: Deployment\n  name: {target.written_name}\n"
            "# The Rollout decides how many pods run. With `replicas` in Git, every apply would start the\n"
            "# Deployment's own pods again beside those of the Rollout.\n"
            "patch: |-\n  apiVersion: apps/v1\n  kind: Deployment\n  metadata:\n"
            f"    name: {target.written_name}\n  spec:\n    replicas: null"
        )
    edits += _without_count(target)
    return edits, patches


def _without_count(target: Target) -> Iterator[Edit]:
    """Take the Deployment out of `replicas:` of the kustomization, which is applied after every patch."""
    listed = target.root.node.get("replicas") if target.root else None
    if listed is None or target.root is None:
        return
    entries = list(listed.children())
    mine = [entry for entry in entries if entry.at("name") == target.written_name]
    if mine and len(mine) == len(entries):
        yield edit(target.root.path, yaml.remove_pair(target.root.node, "replicas"))
    elif mine and not listed.flow:
        for entry in mine:
            text = entry.text
            start = text.rfind("\n", 0, entry.start) + 1
            end = text.find("\n", entry.end)
            yield Edit(target.root.path, start, len(text) if end < 0 else end + 1, "")


def retarget_autoscaler(target: Target, kind: str, api_version: str) -> tuple[list[Edit], list[str]]:
    """(edits, patches) that make the autoscaler scale the Rollout instead of the Deployment."""
    scaler = target.autoscaler
    if scaler is None:
        return [], []
    ref = scaler.object.get("spec", "scaleTargetRef")
    if target.is_direct and ref is not None:
        changes = [
            yaml.replace(node, value)
            for key, value in (("kind", kind), ("apiVersion", api_version))
            if (node := ref.get(key))
        ]
        if ref.get("apiVersion") is None:
            changes.append(yaml.insert_after_key(ref, None, f"apiVersion: {api_version}"))
        return [edit(scaler.path, change) for change in changes], []
    return [], [
        f"target:\n  kind: {scaler.object.kind}\n  name: {scaler.object.name}\n"
        "# The Rollout owns the pods: scaling the Deployment would start a second set of them.\n"
        "patch: |-\n  - op: replace\n    path: /spec/scaleTargetRef\n    value:\n"
        f"      apiVersion: {api_version}\n      kind: {kind}\n      name: {target.name}"
    ]


def add_backend(
    target: Target, manifest: Manifest, backends: Node, pointer: str, entry: str, weigh_first: bool
) -> tuple[list[Edit], list[str]]:
    """(edits, patches) that add one more backend (YAML text) to a route's list, with weight 100 on the first one."""
    if target.is_direct or target.root is None or manifest.path in target.root.paths("resources"):
        edits = [edit(manifest.path, yaml.append_item(backends, entry))]
        first = next(iter(backends.children()))
        if weigh_first and first.get("weight") is None and not first.flow:
            edits.append(edit(manifest.path, yaml.insert_after_key(first, None, "weight: 100")))
        return edits, []
    ops = f"  - op: add\n    path: {pointer}/-\n    value:\n" + textwrap.indent(entry, "      ")
    if weigh_first:
        ops = f"  - op: add\n    path: {pointer}/0/weight\n    value: 100\n" + ops
    return [], [f"target:\n  kind: {manifest.object.kind}\n  name: {manifest.object.name}\npatch: |-\n{ops}"]
