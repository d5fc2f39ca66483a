"""Parameters of `kubernetes/services`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Environments, Name, Namespace, Params, Port, Slot

_POLICY = r"network ?polic(?:y|ies)|(?:politiques?|regles?) reseau|netpols?"
_GATEWAY = r"gateway api|(?:http|grpc|tls|tcp) ?routes?|(?<!bad )(?<!api )(?<!nat )(?<!vpn )gateway(?= (?:api|kubernetes|k8s|class|pour|for|sur|on|avec|with|and|et)\b)"
_TURNED = r"(?!\s+(?:en|into|to|a|vers|par)\s+(?:une? |an? |the |la |le |l')?"

# Addresses that are no host of the application: registries, annotation prefixes, names inside the cluster.
_THEIRS = r"(?![\w.-]*(?:kubernetes|k8s|cert-manager|ghcr|docker|quay|gcr|azurecr|github|gitlab|letsencrypt|amazonaws|socket)\.(?:io|com|org)\b)(?![\w.-]*\.svc\b)(?![\w.-]*\.pkg\.dev\b)"
_TLD = r"(?:com|org|net|info|io|fr|eu|dev|app|cloud|be|ch|ca|de|es|it|nl|lu|us|uk|me|pro|local|internal|intranet|intra|corp|test|example|tech|co|ai|shop|store|site|online|xyz|lan|home|localhost|sh|gouv|bzh|paris)"
_HOST = rf"(?<![\w.@/-])(?:https?://)?{_THEIRS}((?:\*\.)?(?:[a-z0-9-]+\.)+{_TLD})(?![\w-])(?!\.\w)(?!/[\w./-]+:\d)"

_TO = r"(?:\b(?:to|at|a|vers|en|sur|on|is|est|au|le)\s+|[=:]\s*|\s{3,40})"
_NOT_COUNTED = r"(?![.,:/-]?\d|\s*(?:%|pods?|replicas?|noeuds?|nodes?|jours|days|req|errors?|erreurs?|users?|clients?|utilis|services?|clusters?|fois|times|ms\b|s\b|min))"
_PORT = rf":?(80|443|\d{{4,5}})\b{_NOT_COUNTED}"

_NONE = r"(?:without|no|sans|pas (?:besoin )?(?:de|d'|en|du)|disabl\w+|desactiv\w+|remov\w+|retir\w+|enlev\w+|supprim\w+|drop|turn off|not)"


class ServicesParams(Params):
    """What may be said of the way into an application."""

    kind: Annotated[
        Literal["service", "ingress", "gateway", "network-policy"] | None,
        Slot(
            en="Kind of object", fr="Type d'objet",
            words={
                "network-policy": (_POLICY,),
                "gateway": (_GATEWAY,),
                "ingress": (rf"ingress(?:es)?(?! (?:traffic|trafic|and egress|et egress))(?![^\n]*(?:{_POLICY})){_TURNED}(?:gateway|http ?route))", r"ingress-nginx", r"nginx-ingress"),
                # Where another object is said as well, the service is only what it leads to.
                "service": (rf"(?:service(?! (?:account|mesh|monitor|discovery|worker|client|level))(?<!en service)(?<!hors service)|services (?:kubernetes|k8s|(?:de )?type|cluster ?ip|node ?port|load ?balancer)|(?:kubernetes|k8s|cluster ?ip|node ?port|load ?balancer) services)(?![^\n]*(?:\bingress|{_POLICY}|{_GATEWAY}))",),
            },
            example="ingress",
        ),
    ] = None  # fmt: skip
    host: Annotated[
        Annotated[str, Field(pattern=r"^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$", max_length=253)] | None,
        Slot(
            en="Host name", fr="Nom d'hôte",
            cue=(
                _HOST,
                rf"\b(?:host(?:name)?|hote|domaine?|domain name|nom de domaine|fqdn)(?:\s*(?:is|est|:|=|of|de))?\s*[\"'`«]?\s?{_THEIRS}((?:\*\.)?(?:[a-z0-9-]+\.)+[a-z]{{2,}})(?![\w-])",
            ),
            example="shop.example.com",
        ),
    ] = None  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port of the service", fr="Port du service",
            cue=(
                r"\bport\s+(?:(?:from|de|du)\s+\d{2,5}\s+(?:to|a|au|vers)|\d{2,5}\s+(?:par|by|with))\s+(?:the |le )?(\d{2,5})\b",
                r"\b(?:node ?|service)?ports?(?:\s*(?:n°|number|numero|tcp|udp|is|est|le|only|=|:))?\s*(\d{2,5})\b",
                rf"\bports?\b[^.;,\d/]{{0,30}}?{_TO}(?:le )?(\d{{2,5}})\b{_NOT_COUNTED}",
                rf"\b(?:sur|on|au|via|vers|to)\s+(?:le |the )?(?:tcp |udp )?{_PORT}",
                rf"\b(?:sur|vers|que|au)\s+le\s+:?(\d{{2,5}})\b{_NOT_COUNTED}",
                r"\b(?:vers|to|service|svc|backend)\s+(?:le |the )?(?:service |svc )?[a-z][a-z0-9-]*:(\d{2,5})\b",
                rf"\b(?:tcp|udp|node ?port|cluster ?ip|load ?balancer|trafic|traffic)(?:\s+(?:in|out|entrant|sortant))?(?:\s*[/:])?\s*{_PORT}",
                r"(?<![\w.])(\d{2,5})\s*/\s*(?:tcp|udp)\b",
                rf"\b(?:sauf|except|but|que|only|uniquement|seulement)\s+(?:le |the |for |pour )?{_PORT}",
                rf"\b(?:allow|autoris|ouvr|open|expos|listen|ecout|accept)\w*\s+(?:[a-z']+\s+){{0,3}}?{_PORT}",
                r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b",
                r"\b(80|443|\d{4,5})\s+(?:as|comme)\s+(?:the |le )?port\b",
            ),
            example="80",
        ),
    ] = None  # fmt: skip
    path: Annotated[
        Annotated[str, Field(pattern=r"^/[\w./-]*$", max_length=200)] | None,
        Slot(
            en="Path prefix", fr="Préfixe de chemin",
            cue=(
                r"\b(?:path|chemin|prefix\w*|route|url)\s+(?:the |le |la |path |chemin |is |est |: ?)?[\"'`«]?\s?(/[a-z0-9](?:[\w/-]|\.(?=\w))*|/(?=[\s\"'`»,;]|$))",
                r"(?:^|[\s\"'`«(,])(?!/(?:etc|var|tmp|usr|home|opt|root|mnt|proc|dev/|sys|bin|run)\b)(?!\S*\.(?:ya?ml|json|conf|pem|crt|key|sh))(/[a-z](?:[\w/-]|\.(?=\w))*)",
                rf"(?<![\w.@/-])(?:https?://)?{_THEIRS}(?:[a-z0-9-]+\.)+{_TLD}(/[a-z][\w/-]*)(?![\w.-]*:\d)",
            ),
            example="/api",
        ),
    ] = None  # fmt: skip
    tls: Annotated[
        bool | None,
        Slot(
            en="TLS", fr="TLS",
            words={
                "false": (
                    rf"{_NONE} (?:need (?:for|of) )?(?:any |aucun |le |the |du )?(?:tls|https|ssl|certificat\w*|chiffrement)", r"(?:plain|simple|only) http", r"http (?:simple|only|seul\w*|uniquement|en clair|clair)", r"en http(?! ?route)",
                    r"(?:tls|https|ssl)(?:\s*[:=])?\s*(?:off|false|disabled|desactive|none)",
                ),
                "true": (r"(?:tls|https|ssl)(?! ?routes?)(?!:? (?:handshake|error|erreur|failed|bad))(?!: )", r"let'?s ?encrypt", r"cert-?manager", r"certificats? (?:tls|ssl|https|letsencrypt|wildcard)"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    type: Annotated[
        Literal["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] | None,
        Slot(
            en="Service type", fr="Type de Service",
            words={
                "ClusterIP": (rf"cluster[ -]?ips?{_TURNED}(?:node|load|external))",),
                "NodePort": (rf"node[ -]?ports?{_TURNED}(?:cluster|load|external))",),
                "LoadBalancer": (rf"load[ -]?balancers?(?! controller){_TURNED}(?:cluster|node|external))", r"service lb", r"type lb", r"(?:equilibreur|repartiteur) de charge"),
                "ExternalName": (r"external[ -]?name",),
            },
            example="LoadBalancer",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
    environments: Environments = ()
