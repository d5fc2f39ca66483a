"""Parameters of `kubernetes/services`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.fields import PORT_CUES
from devops_orchestrator.core.params import Environments, Name, Namespace, Params, Port, Slot


class ServicesParams(Params):
    """What may be said of the way into an application."""

    kind: Annotated[
        Literal["service", "ingress", "gateway", "network-policy"] | None,
        Slot(
            en="Kind of object", fr="Type d'objet",
            words={
                "network-policy": (r"network ?polic(?:y|ies)", r"politiques? reseau", r"networkpolicies"),
                "gateway": (r"gateway api", r"http ?routes?", r"gateway(?= (?:api|kubernetes|k8s))"),
                "ingress": (r"ingress(?:es)?(?! ?-?nginx)(?! controller)", r"ingress-nginx", r"ingress nginx"),
                "service": (r"services? kubernetes", r"kubernetes services?", r"k8s services?", r"(?:un|a|le|the|of type|de type) service (?=type|de type|clusterip|nodeport|loadbalancer)", r"(?:clusterip|node ?port|load ?balancer) services?", r"services? (?:clusterip|node ?port|load ?balancer)", r"services? (?:de )?(?:type|of type)"),
            },
            example="ingress",
        ),
    ] = None  # fmt: skip
    host: Annotated[
        Annotated[str, Field(pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", max_length=253)] | None,
        Slot(
            en="Host name", fr="Nom d'hôte",
            cue=(
                r"\b(?:https?://)?((?:\*\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|io|fr|eu|dev|app|cloud|be|ch|ca|de|uk|local|internal|test|example|tech|co|ai|shop|site|lan|localhost|sh))(?![\w-])(?!\.\w)(?!/[\w.-]+:\d)",
            ),
            example="shop.example.com",
        ),
    ] = None  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port of the service", fr="Port du service",
            cue=(*PORT_CUES, r"\b(?:in|out|trafic|traffic|entrant|sur|on)\s+(?:on\s+)?(?:the |le )?(?:tcp )?(\d{2,5})\b(?:\s+only)?"),
            example="80",
        ),
    ] = None  # fmt: skip
    path: Annotated[
        Annotated[str, Field(pattern=r"^/[\w./-]*$", max_length=200)] | None,
        Slot(
            en="Path prefix", fr="Préfixe de chemin",
            cue=(r"\b(?:path|chemin|prefix\w*|route|url|sous|under|sur|on)\s+(?:the |le |la |path |chemin )?[\"'`«]?\s?(/[a-z][\w/-]*)", r"(?:^|\s)(/(?:api|v\d|app|web|admin|docs|auth)[\w/-]*)"),
            example="/api",
        ),
    ] = None  # fmt: skip
    tls: Annotated[
        bool | None,
        Slot(
            en="TLS", fr="TLS",
            words={
                "false": (r"(?:without|no|sans|pas de) (?:tls|https|ssl|certificat\w*)", r"plain http", r"http simple"),
                "true": (r"tls", r"https", r"ssl", r"let'?s ?encrypt", r"cert-manager", r"certificats? (?:tls|ssl|https)"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    type: Annotated[
        Literal["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] | None,
        Slot(
            en="Service type", fr="Type de Service",
            words={
                "ClusterIP": (r"cluster ?ip",),
                "NodePort": (r"node ?ports?",),
                "LoadBalancer": (r"load ?balancer", r"service lb"),
                "ExternalName": (r"external ?name",),
            },
            example="LoadBalancer",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
    environments: Environments = ()
