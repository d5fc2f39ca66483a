"""What makes a Go program a worker: it takes work from a queue or a clock, for ever."""

from __future__ import annotations

import re

from devops_orchestrator.project.code.golang_web import COMMANDS, Web

# Calls that take work from a queue or a clock: (name, the package that the file must import, or "" for any).
_CONSUMES = (
    ("NewServer", "github.com/hibiken/asynq"), ("NewScheduler", "github.com/hibiken/asynq"), ("NewScheduler", "github.com/go-co-op/gocron"),
    ("New", "github.com/robfig/cron"), ("NewConsumerGroup", ""), ("NewReader", "github.com/segmentio/kafka-go"), ("ReadMessage", "github.com/segmentio/kafka-go"),
    ("FetchMessage", "github.com/segmentio/kafka-go"), ("PollFetches", "github.com/twmb/franz-go"), ("NewConsumer", ""), ("Consume", "github.com/rabbitmq/amqp091-go"),
    ("Consume", "github.com/streadway/amqp"), ("QueueSubscribe", ""), ("Subscribe", "github.com/nats-io/nats.go"), ("New", "go.temporal.io/sdk/worker"),
    ("BLPop", ""), ("BRPop", ""), ("XReadGroup", ""), ("NewClient", "github.com/riverqueue/river"), ("NewManager", "sigs.k8s.io/controller-runtime"),
    ("ReceiveMessage", "github.com/aws/aws-sdk-go"),
)  # fmt: skip


def consumer(web: Web, services: set[str]) -> str | None:
    """Where the program takes work from a queue or a clock for ever, or None."""
    for name, package in _CONSUMES:
        for source, call in web.values.calls.get(name, []):
            if not package and services:
                return source.at(call)
            function = call.field("function")
            owner = function.field("operand").text() if function.kind() == "selector_expression" else ""
            named = web.code.imports(source).get(owner)
            packages = [named or ""] if name.startswith("New") else web.code.imported(source)
            if package and any(one.startswith(package) for one in packages):
                return source.at(call)
    if not any(known in COMMANDS for known in web.imported):
        return _loop(web, services)
    return None


def _loop(web: Web, services: set[str]) -> str | None:
    """An endless loop, or one over a ticker, in a program that has no subcommands."""
    for source, node in web.values.nodes("for_statement"):
        if web.code.module_of(source.path) != web.code.folder:
            continue
        endless = node.text().startswith(("for {", "for{"))
        clock = re.match(r"for\s+(?:\w+\s*:?=\s*)?range\s+[\w.]*(ticker|tick)\w*\.?C?\b", node.text(), re.I)
        if clock or (endless and (services or re.search(r"\btime\.(Sleep|After|Tick)|ticker|<-", node.text()))):
            return source.at(node)
    return None
