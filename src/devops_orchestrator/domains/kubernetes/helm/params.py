"""Parameters of `kubernetes/helm`."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from devops_orchestrator.core.fields import IMAGE_CUES
from devops_orchestrator.core.params import Environments, Label, Name, Namespace, Params, Port, Slot

# "to", or the gap that a blanked "from X to" leaves.
_TO = r"(?:\b(?:to|at|a|vers|en)\s+|[=:]\s*|\s{3,40})"
_BARE = r"(?![\d.,:/]*\d|\s*(?:%|pour ?cent|percent|[kmgt]i?[bo]?\b|ms\b|s\b|sec|min|h\b|heures?|hours?|jours?|days?|v?cpus?|cores?))"

_PODS = r"(?:replicas?|repliques?|pods?|instances?|copies|exemplaires)\b"
_ONE = r"one|une?(?=\s+(?:seule?\b|repli))|a(?=\s+single\b)"
# "our 3 pods" and "3 pods are pending" tell what is, "3 more pods" no total.
_NOT_OURS = r"(?<![\w.,/-])(?<!\b(?:nos|our|mes|les|the|ces|ses)\s)(?<!\d of\s)(?<!\by a\s)"
_WISHED = r"(?!\s+(?:are|is|sont|est|have|has|were|ont|sur\s+\d|of\s+\d|out of|keep|(?:qui |that )?(?:crash|plant|redemarr|restart|fail)|pending|stuck|down|de plus|en plus|supplementaire|more)\b)"

_PORT = (
    r":?(80|443|\d{4,5})\b(?![.,:/-]?\d|\s*(?:%|pods?|replicas?|noeuds?|nodes?|jours|days|req|users?|clients?|utilis))"
)

_SEMVER = r"v?(\d+\.\d+\.\d+(?:[-+][\w.-]*\w)?)(?![\w.]*\d)"
# Words beside "chart" or "release" that are no chart's name.
_NO_CHART = (
    r"(?!(?:helm|kubernetes|k8s|for|pour|of|de|du|des|d|a|an|the|le|la|les|l|our|notre|mon|my|its|son|with|avec|sans|without|et|and|or|ou|en|in|into|on|sur|dans|from|to|as|at|by|par|before|avant|"
    r"version|versions|name|nom|museum|repo|repository|registry|oci|app|application|yaml|lock|lint|dependenc\w*|dependanc\w*|test\w*|hook\w*|value\w*|template\w*|upgrade\w*|install\w*|deploy\w*|"
    r"note\w*|maison|commun|common|generi\w*|librar\w*|umbrella|parent|enfant|qui|that|which|is|est|are|sont|was|has|have|had|a|dont|chart|release|already|fail\w*|plante|echoue|marche|tourne|reste|"
    r"stuck|broken|pending|ready|need\w*|depend\w*|work\w*|run\w*|point\w*|break\w*|should|must|doit|now|here|please|svp|stp|aussi|also|again|process|candidate|branch|tag|notes?|staging|production|prod|"
    r"dev|named|called|nommee?|appelee?|privee?|public|private|officiel|official|new|nouveau|whole|first|same|existing|existant|old|own|current|actuel|latest|previous|precedent\w*|single|simple|each|every|"
    r"bitnami|upstream|internal|interne|all|this|ce|cette|v?\d[\w.-]*)\b)"
)
_CHART = rf"{_NO_CHART}([a-z][a-z0-9-]*[a-z0-9])"
_ENDS = r"(?=[\"'`»]?\s*(?:$|[,.;:!?()]|(?:in|dans|en|avec|with|to|a|au|aux|from|de|depuis|before|avant|and|et|on|sur|pour|for|sous|version|v?\d[\d.]*|namespace|ns|est|is|should|doit)\b))"


class HelmParams(Params):
    """What may be said of a chart."""

    name: Annotated[
        Label | None,
        Slot(
            en="Name of the chart", fr="Nom du chart",
            cue=(
                r"\b(?:named|called|nommee?|appelee?|qui s'appelle|du nom de)\s+[\"'`«]?\s*([a-z0-9][a-z0-9-]*[a-z0-9])",
                r"\b(?:chart|release)\s+(?:helm\s+)?[\"'`«]\s?([a-z0-9][a-z0-9-]*[a-z0-9])\s?[\"'`»]",
                rf"\b(?:chart|release)\s+(?:helm\s+)?(?:de |d'|du |of |for |pour )?{_CHART}{_ENDS}",
                rf"\bhelm\s+(?:install|upgrade|uninstall|rollback|status|history)\s+(?:(?:--install|-i)\s+)?{_CHART}\s+(?=\S*/|-|\.)",
                rf"\b(?:the|our|my|this|le|la|notre|mon)\s+{_CHART}\s+(?:helm\s+)?(?:chart|release)\b",
                rf"\b(?:nom|name)\s*(?:[:=]\s*)?{_CHART}{_ENDS}",
                rf"\brenam\w*\b[^.;,]{{0,40}}?\bto\s+{_CHART}",
                rf"\brenomm\w*\b[^.;,]{{0,40}}?\ben\s+{_CHART}",
                *get_args(Name)[1].cues,
            ),
            example="shop",
        ),
    ] = None  # fmt: skip
    version: Annotated[
        Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$")] | None,
        Slot(
            en="Version of the chart", fr="Version du chart",
            cue=(
                rf"\b(?:version|chart)\b[^.;\n\d]{{0,30}}?\bv?\d[\w.+-]*\s+(?:a|to|vers|par)\s+(?:la |the )?(?:version )?{_SEMVER}",
                rf"\bchart\b(?:\s+(?:helm\b\s*)?(?!helm|kubernetes|k8s|image|app-?version)[a-z][\w/-]*)?[\s,]*(?:(?:en |a |to |at |la |the )*version|en|a|to|at|vers|@|:|=)?\s*:?\s*{_SEMVER}",
                rf"\bchart\b[^.;\n\d]{{0,40}}?\bversion(?:\s*(?:a|to|at|en|is|est|:|=))?\s*{_SEMVER}",
                rf"(?<!app )(?<!helm )(?<!kubernetes )(?<!k8s )(?<!image )(?<!cluster )(?<![\w-])version(?:\s*(?:du chart|of the chart|to|a|at|:|=))?\s*(?:to |a |en )?{_SEMVER}(?!\s+(?:de|of)\s+(?:l'app|the app|helm|kub|k8s|the image|l'image))",
                rf"(?<!app)\s--version[\s=]{_SEMVER}",
                rf"(?<![\w.-])[a-z][a-z0-9-]*-{_SEMVER}(?=\.tgz)",
            ),
            example="0.1.0",
        ),
    ] = None  # fmt: skip
    image: Annotated[
        Annotated[str, Field(pattern=r"^[a-z0-9][\w.:/@-]*$", max_length=255)] | None,
        Slot(
            en="Container image", fr="Image de conteneur",
            cue=(
                r"\bimage\s+[\w./:@-]+\s+(?:par|with|by|to|a|vers)\s+[\"'`«]?([a-z0-9][\w./-]*[:@]\w[\w.:-]*)",
                r"(?<![\w./@-])([a-z0-9][\w.-]*(?:/[\w.-]+)+@sha256:[a-f0-9]+)",
                *IMAGE_CUES,
                r"\bimage\b[^.;,:\d]{0,30}?[\s:=][\"'`«]?([a-z][\w./-]*[:@]\w[\w.:-]*)",
                r"(?<![\w./:@-])(?!(?:version|v|helm|kubernetes|k8s|chart|tag)[:.])([a-z][a-z0-9._-]*:(?:v?\d+(?:\.\d+)+[\w.-]*|\d+-[a-z][\w.-]*|latest|stable|alpine|slim)\b)",
                r"(?<![\w./:@-])([a-z][\w./-]*:\w[\w.-]*)\s+(?:as |comme |en )?(?:the |our |notre |l')?image\b",
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
                rf"{_NOT_OURS}\b(\d+|{_ONE})\s+(?:seule?s?\s+|single\s+)?{_PODS}{_WISHED}",
                rf"\b(?:replicas?|repliques?|replica ?count|pods|(?:nombre|number)(?=\s{{4}}))\b(?:[^.;,\d]{{0,40}}?{_TO}|\s*)(\d+|{_ONE}){_BARE}",
            ),
            words={"0": (r"(?:zero|0) (?:replicas?|repliques?|pods?)",), "1": (r"single[- ](?:replica|pod|instance)",)},
            example="2",
        ),
    ] = None  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port", fr="Port",
            cue=(
                r"\bport\s+(?:(?:from|de|du)\s+)?\d{2,5}\s+(?:to|a|au|vers|par|by|with)\s+(?:the |le )?(\d{2,5})\b",
                r"\b(?:container|service)?[._]?ports?(?:\s*(?:is|est|le|=|:))?\s*(\d{2,5})\b",
                rf"\bports?\b[^.;,\d]{{0,30}}?(?:{_TO}|\b(?:sur|on|is|est|le|au)\s+)(?:le )?(\d{{2,5}})\b",
                rf"\b(?:sur|on|au)\s+(?:le |the )?{_PORT}",
                r"\b(?:listen|ecout|serv|expos)\w*\s+(?:[a-z]+\s+)?(?:on|sur|at)?\s*(?:le |the )?:?(\d{2,5})\b(?![.,]?\d|\s*[a-z%])",
                r"\b(?:listen|ecout)\w*\s+(?:on|sur)\s+(?:le |the )?:?(\d{2,5})\b",
            ),
            example="8080",
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
