"""How a component is made to export request metrics: the dependency to add and the lines to write, by framework."""

from __future__ import annotations

from dataclasses import dataclass

from devops_orchestrator.core.project import Component
from devops_orchestrator.text import Text

_INSTALL = {
    "uv": "uv add {}", "poetry": "poetry add {}", "pdm": "pdm add {}", "pipenv": "pipenv install {}", "pip": "pip install {}",
    "npm": "npm install {}", "pnpm": "pnpm add {}", "yarn": "yarn add {}", "bun": "bun add {}", "go": "go get {}",
    "composer": "composer require {}", "bundler": "bundle add {}", "dotnet": "dotnet add package {}",
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """`where` the `code` goes, and the packages that it needs; `note` is what is easily forgotten."""

    packages: tuple[str, ...]
    where: Text
    code: str
    note: Text | None = None


_FASTAPI = Recipe(
    ("prometheus-fastapi-instrumentator",),
    Text("right after the application is made", "juste après la création de l'application"),
    "from prometheus_fastapi_instrumentator import Instrumentator\n\nInstrumentator().instrument(app).expose(app)",
)
_STARLETTE = Recipe(
    ("starlette-exporter",),
    Text("right after the application is made", "juste après la création de l'application"),
    "from starlette_exporter import PrometheusMiddleware, handle_metrics\n\n"
    'app.add_middleware(PrometheusMiddleware, group_paths=True)\napp.add_route("/metrics", handle_metrics)',
)
_FLASK = Recipe(
    ("prometheus-flask-exporter",),
    Text("right after the application is made", "juste après la création de l'application"),
    "from prometheus_flask_exporter import PrometheusMetrics\n\nPrometheusMetrics(app)",
    Text(
        "With several gunicorn workers, use GunicornInternalPrometheusMetrics and set PROMETHEUS_MULTIPROC_DIR: each worker counts for itself otherwise.",
        "Avec plusieurs workers gunicorn, prenez GunicornInternalPrometheusMetrics et définissez PROMETHEUS_MULTIPROC_DIR : sinon chaque worker compte de son côté.",
    ),
)
_DJANGO = Recipe(
    ("django-prometheus",),
    Text("in the settings, then in urls.py", "dans les settings, puis dans urls.py"),
    'INSTALLED_APPS = ["django_prometheus", *INSTALLED_APPS]\n'
    "MIDDLEWARE = [\n"
    '    "django_prometheus.middleware.PrometheusBeforeMiddleware",  # first\n'
    "    *MIDDLEWARE,\n"
    '    "django_prometheus.middleware.PrometheusAfterMiddleware",  # last\n'
    "]\n\n"
    '# urls.py\nurlpatterns += [path("", include("django_prometheus.urls"))]  # GET /metrics',
)
_EXPRESS = Recipe(
    ("express-prom-bundle", "prom-client"),
    Text("before the routes", "avant les routes"),
    'import promBundle from "express-prom-bundle";\n\n'
    "// includeUp: false, because Prometheus makes a metric named `up` itself\n"
    "app.use(promBundle({ includeMethod: true, includePath: true, includeUp: false }));",
)
_NEST = Recipe(
    _EXPRESS.packages, Text("in main.ts, before app.listen", "dans main.ts, avant app.listen"), _EXPRESS.code,
)  # fmt: skip
_FASTIFY = Recipe(
    ("fastify-metrics",),
    Text("before the routes", "avant les routes"),
    'import metrics from "fastify-metrics";\n\nawait app.register(metrics, { endpoint: "/metrics" });',
)
_NEXT = Recipe(
    ("prom-client",),
    Text("in app/api/metrics/route.ts", "dans app/api/metrics/route.ts"),
    'import { collectDefaultMetrics, register } from "prom-client";\n\n'
    'if (!register.getSingleMetric("process_cpu_seconds_total")) collectDefaultMetrics();\n\n'
    'export const dynamic = "force-dynamic";\n\n'
    "export async function GET() {\n"
    '  return new Response(await register.metrics(), { headers: { "Content-Type": register.contentType } });\n'
    "}",
    Text(
        "This gives the process metrics (memory, event loop); Next.js has no hook for the duration of every request: measure those at the proxy in front of it.",
        "Vous obtenez les métriques du processus (mémoire, boucle d'événements) ; Next.js n'offre pas de point d'accroche pour la durée de chaque requête : mesurez-la sur le proxy placé devant.",
    ),
)
_NODE = Recipe(
    ("prom-client",),
    Text("where the HTTP server is made", "là où le serveur HTTP est créé"),
    'import { collectDefaultMetrics, Histogram, register } from "prom-client";\n\n'
    "collectDefaultMetrics();\n"
    "const duration = new Histogram({\n"
    '  name: "http_request_duration_seconds",\n  help: "Duration of HTTP requests in seconds",\n'
    '  labelNames: ["method", "route", "status"],\n});\n'
    "// around each request: const stop = duration.startTimer({ method }); … stop({ route, status });\n"
    '// GET /metrics: response.setHeader("Content-Type", register.contentType); response.end(await register.metrics());',
)
_GO = Recipe(
    ("github.com/prometheus/client_golang/prometheus/promhttp",),
    Text("where the router is made", "là où le routeur est créé"),
    "var requestDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{\n"
    '\tName: "http_request_duration_seconds",\n\tHelp: "Duration of HTTP requests in seconds.",\n'
    '}, []string{"code", "method"}) // promhttp fills exactly these two\n\n'
    "mux := http.NewServeMux()\n"
    'mux.Handle("/metrics", promhttp.Handler())\n'
    'mux.Handle("/", promhttp.InstrumentHandlerDuration(requestDuration, router))',
    Text(
        "Go's client has no HTTP metric of its own: promhttp.Handler() alone shows only the runtime.",
        "Le client Go n'a aucune métrique HTTP par défaut : promhttp.Handler() seul ne montre que le runtime.",
    ),
)
_SPRING = Recipe(
    ("org.springframework.boot:spring-boot-starter-actuator", "io.micrometer:micrometer-registry-prometheus"),
    Text("in application.properties", "dans application.properties"),
    "management.endpoints.web.exposure.include=health,prometheus\n"
    "# buckets, for quantiles over all instances\n"
    "management.metrics.distribution.percentiles-histogram.http.server.requests=true",
    Text("The metrics are then at /actuator/prometheus.", "Les métriques sont alors sur /actuator/prometheus."),
)
_PHP = Recipe(
    ("promphp/prometheus_client_php",),
    Text("in a middleware around every request", "dans un middleware autour de chaque requête"),
    "$registry = new \\Prometheus\\CollectorRegistry(new \\Prometheus\\Storage\\Redis(['host' => getenv('REDIS_HOST')]));\n"
    "$duration = $registry->getOrRegisterHistogram('', 'http_request_duration_seconds', 'Duration of HTTP requests', ['method', 'route', 'status']);\n"
    "$start = hrtime(true);\n$response = $next($request);\n"
    "$duration->observe((hrtime(true) - $start) / 1e9, [$request->method(), $request->route()?->uri() ?? 'unknown', (string) $response->getStatusCode()]);\n"
    "// GET /metrics: (new \\Prometheus\\RenderTextFormat())->render($registry->getMetricFamilySamples())",
    Text(
        "A PHP process forgets everything after each request: the counters must live in Redis or APCu.",
        "Un processus PHP oublie tout après chaque requête : les compteurs doivent vivre dans Redis ou APCu.",
    ),
)
_RACK = Recipe(
    ("prometheus-client",),
    Text("in config.ru", "dans config.ru"),
    'require "prometheus/middleware/collector"\nrequire "prometheus/middleware/exporter"\n\n'
    "use Prometheus::Middleware::Collector\nuse Prometheus::Middleware::Exporter # GET /metrics",
)
_DOTNET = Recipe(
    ("prometheus-net.AspNetCore",),
    Text("in Program.cs, after UseRouting", "dans Program.cs, après UseRouting"),
    "app.UseHttpMetrics();\napp.MapMetrics(); // GET /metrics",
)
_PYTHON = Recipe(
    ("prometheus-client",),
    Text("where the program starts", "au démarrage du programme"),
    "from prometheus_client import Counter, Histogram, start_http_server\n\n"
    'JOBS = Counter("jobs_processed", "Jobs processed", ["result"])  # exported as jobs_processed_total\n'
    'DURATION = Histogram("job_duration_seconds", "Duration of jobs in seconds")\n\n'
    "start_http_server(9464)  # GET :9464/metrics",
)

_JAVA = Recipe(
    ("io.prometheus:prometheus-metrics-exporter-httpserver", "io.prometheus:prometheus-metrics-instrumentation-jvm"),
    Text("where the program starts", "au démarrage du programme"),
    "JvmMetrics.builder().register();\nHTTPServer.builder().port(9464).buildAndStart(); // GET :9464/metrics",
)
_CSHARP = Recipe(
    ("prometheus-net",),
    Text("where the program starts", "au démarrage du programme"),
    "new MetricServer(port: 9464).Start(); // GET :9464/metrics",
)

_BY_FRAMEWORK = {
    "fastapi": _FASTAPI, "starlette": _STARLETTE, "flask": _FLASK, "django": _DJANGO, "express": _EXPRESS, "nestjs": _NEST,
    "fastify": _FASTIFY, "nextjs": _NEXT, "spring-boot": _SPRING, "laravel": _PHP, "symfony": _PHP, "rails": _RACK,
    "sinatra": _RACK, "aspnetcore": _DOTNET,
}  # fmt: skip
_BY_LANGUAGE = {
    "go": _GO, "java": _JAVA, "kotlin": _JAVA, "javascript": _NODE, "typescript": _NODE, "python": _PYTHON,
    "php": _PHP, "ruby": _RACK, "csharp": _CSHARP,
}  # fmt: skip


def recipe(component: Component) -> Recipe | None:
    """How this component is instrumented, None for a language that is not known here."""
    return _BY_FRAMEWORK.get(component.framework or "") or _BY_LANGUAGE.get(component.language or "")


def step(component: Component) -> Text | None:
    """The next step that makes a component's requests visible."""
    known = recipe(component)
    if known is None:
        return None
    install = _INSTALL.get(component.package_manager or "")
    names = " ".join(known.packages)
    english = f"`{install.format(names)}`" if install else f"the dependencies {' and '.join(known.packages)}"
    french = f"`{install.format(names)}`" if install else f"les dépendances {' et '.join(known.packages)}"
    if all(component.depends_on(name, name.rpartition(":")[2]) for name in known.packages):
        english, french = "nothing to the dependencies", "rien aux dépendances"
    exposes = component.metrics is not None
    code = "\n".join(f"    {line}".rstrip() for line in known.code.split("\n"))
    return Text(
        f"{component.name} {'exports no HTTP request metrics' if exposes else 'exposes no metrics'}. Add {english}, then, {known.where.en}:\n\n{code}\n\n"
        + (f"{known.note.en} " if known.note else "")
        + "Run the same request again afterwards: what is missing is added.",
        f"{component.name} {'n’exporte aucune métrique de requêtes HTTP' if exposes else 'n’expose aucune métrique'}. Ajoutez {french}, puis, {known.where.fr} :\n\n{code}\n\n"
        + (f"{known.note.fr} " if known.note else "")
        + "Relancez ensuite la même demande : ce qui manque sera ajouté.",
    )
