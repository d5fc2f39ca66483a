"""What can be asked of this room: one field, one Slot."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, get_args

from pydantic import Field

from devops_orchestrator.core.fields import IMAGE_CUES
from devops_orchestrator.core.params import Cpu, Cron, Environments, Label, Memory, Name, Namespace, Params, Port, Slot

Kind = Literal["deployment", "statefulset", "daemonset", "job", "cronjob"]

# "to", or the gap that a blanked "from X to" leaves.
_TO = r"(?:\b(?:to|at|a|vers|en)\s+|[=:]\s*|\s{3,40})"
_BARE = r"(?![\d.,:/]*\d|\s*(?:%|pour ?cent|percent|[kmgt]i?[bo]?\b|ms\b|s\b|sec|min|h\b|heures?|hours?|jours?|days?|cores?|coeurs?|cœurs?|millicores?|megs?|gigs?|v?cpus?\b(?!\s*(?:[:=]|a\s|at\s|to\s|de\s|\d|request|limit))))"

_PODS = r"(?:replicas?|repliques?|pods?|instances?|copies|exemplaires)\b"
_ONE = r"one|une?(?=\s+(?:seule?\b|repli))|a(?=\s+single\b)"
# "our 3 pods", "1 of 3 pods" and "3 pods are pending" tell what is, "3 more pods" no total.
_NOT_OURS = r"(?<![\w.,/-])(?<!\b(?:nos|our|mes|les|the|ces|ses)\s)(?<!\d of\s)(?<!\by a\s)"
_WISHED = (
    r"(?!\s+(?:(?:are|is|sont|est)\s+(?!enough|needed|required|fine|necessaires?|suffisants?|requis)|have|has|had|were|was|ont|sur\s+\d|of\s+\d|out of|keep|"
    r"(?:qui |that )?(?:crash|plant|redemarr|restart|fail|tomb)|pending|stuck|down|evicted|oom|ko\b|en (?:erreur|crash|echec|pending|attente|boucle)|de plus|en plus|supplementaire|more\b))"
)

_PORT = (
    r":?(80|443|\d{4,5})\b(?![.,:/-]?\d|\s*(?:%|pods?|replicas?|noeuds?|nodes?|jours|days|req|users?|clients?|utilis))"
)

_CORES = r"(?:v?cpus?|cores?|c(?:oe|œ)urs?)\b"
_SIZE = r"(?<![\w.,])((?:\d+(?:[.,]\d+)?\s*|(?:une?|one|a)\s+)(?:[kmgt]i?[bo]|[mgt]i?|megs?|gigs?|megas?|gigas?)\b)(?!\s*(?:de |d'|of )?(?:disk|disque|ssd|storage|stockage|volume|pvc|logs?|image|heap|v?cpu|cores?))"
_MEMORY = r"(?:ram|memoire|memory|mem)\b"
_SURE_SIZE = _SIZE.replace("[mgt]i?|", "[mgt]i|g|")  # a bare "m" is memory only beside the word

_HEALTH = r"(?:health ?checks?|health|sante|probes?|sondes?|readiness|liveness|startup)\b"

_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"
_SPAN = rf"(?:{_DAY}|jours?(?: ouvres)?|nuits?|soirs?|matins?|semaines?|mois|heures?|days?|nights?|evenings?|mornings?|weeks?|weekdays?|months?|hours?|minutes?)"
_AT = r"[\s,]+(?:a|at|@|vers|around)\s*(?:\d{1,2}(?:\s*(?:h|:|heures?))?\s*(?:\d{2})?\s*(?:am|pm|du soir|du matin)?(?![\w%:])|minuit|midnight|midi|noon)"
_EVERY = (
    rf"(?:(?:tous|toutes|every|each|chaque)\s+(?:les?\s+)?(?:{_SPAN}|\d+\s*(?:min|mn|h|heure|hour)[a-z]*)|"
    rf"(?:une fois par|once an?|once per|once every)\s+{_SPAN}|(?:le|les|on) (?:1er|premier) du mois|(?:on )?the first (?:day )?of (?:the|each|every) month|"
    r"du lundi au vendredi|monday to friday|en semaine|(?:les )?jours ouvres|(?:on )?weekdays|nightly|hourly|daily|weekly|monthly|quotidien\w*|hebdo\w*)"
)
_CRON = r"(?=[^\n]{0,20}\*)((?:[\d*][\d*/,-]*\s+){4}(?:[\d*][\d*/,-]*|(?:sun|mon|tue|wed|thu|fri|sat)(?:[,-](?:sun|mon|tue|wed|thu|fri|sat))*))(?![\w*])"

_NAME: Slot = get_args(Name)[1]
_NO_NAME = r"(?!(?:kubernetes|k8s|helm|is|est|has|a|en|in|dans|with|avec|that|which|qui|to|for|pour|of|de|du|on|sur|and|et|or|ou|must|should|doit|can|named|called|nommee?|appelee?|controller|strategy|spec|yaml|cpu|memory|memoire|ram|mem|max\w*|min\w*|target|production|prod|staging|dev|recette|test|queue|file|load|charge|our|my|the|its|their|this|that|these|notre|nos|mon|mes|ses|leurs?|vos|ce|ces|cette|le|la|les|l|un|une|an|every|each|all|chaque|tous|redis|rabbitmq|kafka|plante|fail\w*|crash\w*|stuck|down|at|daily|nightly|weekly|hourly|monthly|runs?|running|tourne\w*|listen\w*|ecoute\w*|uses?|needs?|works?|marche|echoue|reste|stays?|deploye\w*|create\w*|cree\w*|bloque\w*|pending|ready|here|too|aussi|please|svp|manifests?|files?|fichiers?)\b)"
_ENDS = (
    r"(?![\w./:=])(?=\s*(?:$|[,.;:!?(]|(?:with|avec|in|dans|en|from|between|entre|and|et|using|min|max|namespace)\b))"
)
_WORKLOAD = r"(?:deployment|stateful[- ]?set|daemon[- ]?set|cron[- ]?job|job)"


class DeploymentsParams(Params):
    """The parameters of `kubernetes/deployments`."""

    kind: Annotated[
        Kind | None,
        Slot(
            en="Kind of workload", fr="Type de charge de travail",
            words={
                "statefulset": (r"stateful[- ]?sets?", r"sts"),
                "daemonset": (r"daemon[- ]?sets?",),
                "cronjob": (r"cron(?:[- ]?jobs?)?", r"taches? (?:planifiees?|cron)", r"jobs? planifies?", r"scheduled (?:job|task)s?"),
                "job": (r"(?<!cron )(?<!namespace )(?<!ns )(?<!/)(?<!ci )job(?! (?:ci|github|gitlab|planifie))(?!:)", r"(?<!cron )jobs (?:kubernetes|k8s)", r"(?:kubernetes|k8s) jobs"),
            },
            example="statefulset",
        ),
    ] = None  # fmt: skip
    image: Annotated[
        str | None,
        Field(pattern=r"^[a-z0-9][\w.:/@-]*$", max_length=255),
        Slot(
            en="Container image", fr="Image du conteneur",
            cue=(
                r"\bimage\s+[\w./:@-]+\s+(?:par|with|by|to|a|vers)\s+[\"'`«]?([a-z0-9][\w./-]*[:@]\w[\w.:-]*)",
                r"(?<![\w./@-])([a-z0-9][\w.-]*(?:/[\w.-]+)+@sha256:[a-f0-9]+)",
                *IMAGE_CUES,
                r"\bimage\b[^.;,:\d]{0,30}?[\s:=][\"'`«]?([a-z][\w./-]*[:@]\w[\w.:-]*)",
                r"(?<![\w./:@-])(?!(?:cpu|memory|mem|ram|version|v|helm|kubernetes|k8s)[:.])([a-z][a-z0-9._-]*:(?:v?\d+(?:\.\d+)+[\w.-]*|\d+-[a-z][\w.-]*|latest|stable|alpine|slim)\b)",
                r"(?<![\w./:@-])([a-z][\w./-]*:\w[\w.-]*)\s+(?:as |comme |en )?(?:the |our |notre |l')?image\b",
                r"\bimage\s+[\"'`«]?\s?([a-z0-9][\w.-]*/[\w./-]*\w|nginx|httpd|redis|postgres|mysql|mariadb|mongo|rabbitmq|memcached|busybox|alpine|traefik|fluent-?bit|fluentd)\b(?!:)",
            ),
            example="ghcr.io/acme/shop:1.4.0",
        ),
    ] = None  # fmt: skip
    replicas: Annotated[
        int | None,
        Field(ge=0, le=1000),
        Slot(
            en="Number of pods", fr="Nombre de pods",
            cue=(
                rf"\b(?:from|de)\s+\d+\s+(?:to|a|vers)\s+{{n}}\s+{_PODS}",
                rf"{_PODS}\s+(?:from|de)\s+\d+\s+(?:to|a|vers)\s+{{n}}",
                rf"{_NOT_OURS}\b(\d+|{_ONE})\s+(?:seule?s?\s+|single\s+)?{_PODS}{_WISHED}",
                rf"\b(?:replicas?|repliques?|replica ?count|pods|(?:nombre|number)(?=\s{{4}}))\b(?:[^.;,\d]{{0,40}}?{_TO}|\s*)(\d+|{_ONE}){_BARE}",
                rf"\bscal(?:e[drsz]?|ing|er)\b[^.;,\d]{{0,40}}?(?:\b(?:from|de)\s+\d+\s+)?{_TO}(\d+|one\b){_BARE}",
            ),
            words={
                "0": (r"scal(?:e[drsz]?|ing|er)\b[^.;,\d]{0,30}\b(?:to|a) (?:zero|0)", r"(?:zero|0) (?:replicas?|repliques?|pods?|instances?)"),
                "1": (r"single[- ](?:replica|pod|instance)",),
            },
            example="3",
        ),
    ] = None  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port that the container listens on", fr="Port d'écoute du conteneur",
            cue=(
                r"\bport\s+(?:(?:from|de|du)\s+)?\d{2,5}\s+(?:to|a|au|vers|par|by|with)\s+(?:the |le )?(\d{2,5})\b",
                r"\b(?:container)?ports?(?:\s*(?:number|numero|d'ecoute|is|est|le|=|:))?\s*(\d{2,5})\b",
                rf"\bports?\b[^.;,\d]{{0,30}}?(?:{_TO}|\b(?:sur|on|is|est|le|au)\s+)(?:le )?(\d{{2,5}})\b",
                rf"\b(?:sur|on|au)\s+(?:le |the )?(?:tcp |http )?{_PORT}",
                r"\b(?:listen|ecout|serv|expos|bind)\w*\s+(?:[a-z]+\s+)?(?:on|sur|at)\s+(?:le |the )?:?(\d{2,5})\b",
                r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b",
                r"\b(\d{2,5})\s+(?:as|comme|en)\s+(?:the |le )?port\b",
            ),
            example="8080",
        ),
    ] = None  # fmt: skip
    cpu: Annotated[
        Cpu | None,
        Slot(
            en="CPU request", fr="CPU demandé (request)", unit="cores",
            cue=(
                rf"((?:half an?|une? demie?|demie?)[- ]?{_CORES})",
                rf"(?<![\w.,])((?:\d+(?:[.,]\d+)?|une?|one|a)\s*(?:m|millicores?|millicpus?)?)\s*(?:de |of |d')?(?:full |whole )?{_CORES}",
                r"(?<![\w.,])(\d+\s*(?:millicores?|millicpus?))\b",
                r"\b(?:v?cpus?|processeur)\b[^.;,\d]{0,30}?\b(?:from|de)\s+\d[\d.,]*m?\s+(?:to|a|vers)\s+(\d+(?:[.,]\d+)?m?)\b",
                rf"\b(?:v?cpus?|processeur)\b(?:[^.;,\d]{{0,30}}?(?:{_TO}|\b(?:of|de)\s+)|\s*)(\d+(?:[.,]\d+)?m?)\b(?![.,]?\d|\s*(?:%|pour ?cent|percent|min|pods?|replicas?|[mgk]i?[bo]?\b|s\b|h\b))",
                r"(?<![\w.,])(\d{2,4}m)\s*(?:,|/|et|and|\+)\s*\d+\s*[mg]i?[bo]?\b",
            ),
            example="250m",
        ),
    ] = None  # fmt: skip
    memory: Annotated[
        Memory | None,
        Slot(
            en="Memory request and limit", fr="Mémoire (request et limit)",
            cue=(
                rf"(?:from|de)\s+\d[\d.,]*\s*[a-z]{{1,4}}\s+(?:to|a|vers)\s+{_SURE_SIZE}",
                rf"{_SIZE}\s*(?:de |of )?(?:la |the )?{_MEMORY}",
                rf"\b{_MEMORY}[^;,]{{0,40}}?{_SIZE}",
                rf"\b(?:v?cpus?|cores?|c(?:oe|œ)urs?|\d+m)\b(?:\s*(?:,|et|and|/|\+|avec|with))?\s*{_SURE_SIZE}",
                rf"\b{_PODS}\s*(?:(?:de|of|a|at|with|avec|limites? a|limited to)\s+)?{_SURE_SIZE}",
                rf"{_SURE_SIZE}\s*(?:,|/|\+|et|and|avec|with)\s*(?:\d+(?:[.,]\d+)?\s*m?|une?|one)\s*(?:de |of )?{_CORES}",
                rf"\blimit\w*\s+(?:a|to|at)\s+{_SURE_SIZE}",
                rf"{_SURE_SIZE}\s+(?:suffi\w+|is enough|are enough|is plenty|max\w*|chacune?|each|par (?:pod|replica|noeud)|per (?:pod|replica|node)|apiece)\b",
                rf"(?:,|\bet|\band|\bavec|\bwith)\s*(?=\d){_SURE_SIZE}(?=\s*(?:$|[,.;!)]))",
            ),
            example="512Mi",
        ),
    ] = None  # fmt: skip
    health_path: Annotated[
        str | None,
        Field(pattern=r"^/[\w./~%-]*$"),
        Slot(
            en="HTTP path of the health route", fr="Chemin HTTP de la route de santé",
            cue=(
                rf"\b{_HEALTH}[^/.;]{{0,50}}?[\s\"'`«=:](/[\w./-]*\w)",
                rf"(?<![\w./])(/[\w./-]*\w)[\"'`»]?\s+(?:as|comme|for|pour|en)\s+[^.;,/]{{0,25}}?{_HEALTH}",
                r"(?<![\w./])(/(?:[\w-]+/){0,3}(?:_?health(?:z|[-_]?check)?|livez?|live(?:ness)?|readyz?|readiness|alive|up|ping|status)(?:/[\w-]+){0,2})(?![\w./-]*\w)",
            ),
            example="/healthz",
        ),
    ] = None  # fmt: skip
    schedule: Annotated[
        Cron | None,
        Slot(
            en="Schedule of a CronJob", fr="Planification d'un CronJob", unit="cron",
            cue=(
                rf"\b(?:to|a|vers|par|with)\s+[\"'`«]?{_CRON}",
                _CRON,
                rf"\b(?:to|a|vers|par|with)\s+({_EVERY}(?:{_AT})?)",
                rf"\b((?<!depuis )(?<!since )(?:{_EVERY}|{_DAY}){_AT})",
                rf"\b((?:a|at)\s*(?:\d{{1,2}}(?:\s*(?:h|:|heures?))?\s*(?:\d{{2}})?\s*(?:am|pm)?|minuit|midnight|midi|noon)[\s,]+{_EVERY})",
                rf"\b({_EVERY})",
            ),
            example="0 3 * * 1",
        ),
    ] = None  # fmt: skip
    name: Annotated[
        Label | None,
        replace(
            _NAME,
            cue=(
                rf"\b{_WORKLOAD}\s+[\"'`«]\s?([a-z0-9][a-z0-9-]*[a-z0-9])\s?[\"'`»]",
                *_NAME.cues,
                rf"\b(?:the|our|my|le|la|notre|mon)\s+(?!new\b|same\b|whole\b|other\b|nouve|prem|autre){_NO_NAME}([a-z][a-z0-9]*(?:-[a-z0-9]+)*)\s+(?:stateful ?set|daemon ?set|cron ?job)\b",
                rf"\b{_WORKLOAD}\s+{_NO_NAME}([a-z][a-z0-9]*(?:-[a-z0-9]+)*){_ENDS}",
            ),
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
