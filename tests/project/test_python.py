"""Python: the places where a reader of its manifests, commands and code goes wrong."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

FLASK = "from flask import Flask\napp = Flask(__name__)\n"
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n"
MANAGE = "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings')\n"
SETTINGS = "ROOT_URLCONF = 'config.urls'\nINSTALLED_APPS = []\n"


def components(files: dict[str, str | bytes]) -> list[Component]:
    return list(read(Repository.of(files)).components)


def only(files: dict[str, str | bytes]) -> Component:
    found = components(files)
    assert len(found) == 1, [component.path for component in found]
    return found[0]


def flask(code: str = FLASK, **files: str) -> Component:
    return only({"requirements.txt": "flask\n", "app.py": code, **files})


# Components


def test_manage_py_below_a_manifest_belongs_to_its_component() -> None:
    found = only(
        {
            "pyproject.toml": "[project]\nname = 'shop'\ndependencies = ['django', 'gunicorn']\n",
            "src/manage.py": MANAGE,
            "src/setup.cfg": "[flake8]\nmax-line-length = 100\n",
            "src/config/__init__.py": "",
            "src/config/settings.py": SETTINGS,
            "src/config/urls.py": "from django.urls import path\nurlpatterns = [path('up/', up)]\n",
            "src/config/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
            "src/shop/tests/test_cart.py": "def test_cart(): pass\n",
        }
    )
    assert (found.path, found.framework, found.kind) == (".", "django", "service")
    assert found.start == "gunicorn config.wsgi:application --bind 0.0.0.0:8000 --chdir src"
    assert found.migrate == "python src/manage.py migrate --noinput"
    assert (found.test, found.health) == ("python src/manage.py test src", "/up/")


def test_a_module_called_setup_is_no_manifest() -> None:
    found = only({"requirements.txt": "flask\n", "app.py": FLASK, "pages/setup.py": "def setup_pages(): pass\n"})
    assert found.path == "."


def test_requirements_without_code_are_no_component() -> None:
    found = only({"requirements.txt": "flask\n", "app.py": FLASK, "ci/requirements.txt": "pre-commit\n"})
    assert found.path == "."


def test_members_of_a_repository_are_told() -> None:
    found = components(
        {
            "api/pyproject.toml": "[tool.poetry]\nname = 'api'\n[tool.poetry.dependencies]\nfastapi = '*'\ncommon = {path = '../common'}\n",
            "api/main.py": FASTAPI,
            "common/pyproject.toml": "[tool.poetry]\nname = 'common'\n[tool.poetry.dependencies]\npika = '*'\n",
            "common/common/__init__.py": "",
        }
    )
    assert [(one.path, one.uses, one.services) for one in found] == [
        ("api", ("common",), ("rabbitmq",)),
        ("common", (), ("rabbitmq",)),
    ]


# Dependencies


def test_what_another_package_needs_is_no_dependency() -> None:
    found = flask(
        **{
            "requirements.txt": "amqp==5.3.1 \\\n    --hash=sha256:00\n    # via kombu\ncelery==5.5.2\n    # via -r requirements.in\n"
            "flask==3.1.0\n    # via\n    #   -r requirements.in\n    #   flask-x\nredis==6.1.0  # via kombu\n"
        }
    )
    assert (found.framework, found.services, sorted(found.dependencies)) == ("flask", (), ["celery", "flask"])


def test_constraints_are_no_requirements() -> None:
    found = flask(**{"requirements/base.txt": "redis\n", "requirements/constraints.txt": "pymongo<4\n"})
    assert found.services == ("redis",)


def test_groups_for_production_are_no_development() -> None:
    found = only(
        {
            "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['flask']\n[dependency-groups]\ndocker = ['gunicorn']\ndev = ['psycopg']\n",
            "app.py": FLASK,
        }
    )
    assert (found.start, found.services) == ("gunicorn --bind 0.0.0.0:8000 app:app", ())


# Frameworks


@pytest.mark.parametrize(
    ("package", "code", "framework"),
    [
        ("falcon", "import falcon\napp = falcon.App()\n", "falcon"),
        ("aiohttp", "from aiohttp import web\ndef main():\n    web.run_app(web.Application())\n", "aiohttp"),
        ("aiohttp", "import aiohttp\nasync def f():\n    async with aiohttp.ClientSession() as s: pass\n", None),
        ("tornado", "import tornado.web\napp = tornado.web.Application([])\n", "tornado"),
        ("flask", "from flask import Flask\nclass Site(Flask):\n    pass\ndef create_app():\n    app = Site('x')\n    return app\n", "flask"),
        ("sanic", "from sanic import Sanic\napp = Sanic('x')\n", "sanic"),
        ("bottle", "from bottle import Bottle\napp = Bottle()\n", "bottle"),
        ("quart", "from quart import Quart\napp = Quart(__name__)\n", "quart"),
        ("pyramid", "from pyramid.config import Configurator\nwith Configurator() as config:\n    app = config.make_wsgi_app()\n", "pyramid"),
        ("gradio", "import gradio as gr\nwith gr.Blocks() as demo:\n    pass\ndemo.launch()\n", "gradio"),
    ],
)  # fmt: skip
def test_framework_is_what_makes_the_application(package: str, code: str, framework: str | None) -> None:
    assert only({"requirements.txt": f"{package}\n", "app.py": code}).framework == framework


def test_an_application_of_a_factory_with_arguments_is_found_where_it_is_made() -> None:
    found = only(
        {
            "requirements.txt": "flask\ngunicorn\n",
            "shop/__init__.py": "from flask import Flask\ndef create_app(name):\n    app = Flask(name)\n    return app\n",
            "serve.py": "from shop import create_app\nsite = create_app('production')\n",
        }
    )
    assert (found.entrypoint, found.start) == ("serve:site", "gunicorn --bind 0.0.0.0:8000 serve:site")


def test_source_roots_are_those_by_which_the_code_imports() -> None:
    found = only(
        {
            "requirements.txt": "fastapi\nuvicorn\n",
            "backend/app/__init__.py": "",
            "backend/app/main.py": "from fastapi import FastAPI\nfrom app.routes import router\napp = FastAPI()\napp.include_router(router)\n",
            "backend/app/routes.py": "from fastapi import APIRouter\nrouter = APIRouter(prefix='/v1')\n@router.get('/healthz')\ndef ok(): ...\n",
        }
    )
    assert found.start == "uvicorn app.main:app --host 0.0.0.0 --port 8000 --app-dir backend"
    assert (found.health, found.evidence["health"]) == ("/v1/healthz", "backend/app/routes.py:3")


# Commands


def test_the_command_of_an_entrypoint_script_is_the_start_command() -> None:
    found = flask(
        **{
            "Dockerfile": "FROM python:3.13\nCOPY . /srv\nWORKDIR /srv\nENTRYPOINT [\"/srv/start.sh\"]\n",
            "start.sh": "#!/bin/sh\n# exec gunicorn old:app\nflask db upgrade\nexec gunicorn app:app \\\n  --bind 0.0.0.0:${PORT:-7123}\n",
        }
    )  # fmt: skip
    assert (found.start, found.port) == ("gunicorn app:app --bind 0.0.0.0:${PORT:-7123}", 7123)
    assert found.evidence["start"] == "start.sh:4" and found.traits["port_env"] == "PORT"


def test_a_script_that_runs_what_it_is_given_starts_the_command() -> None:
    found = flask(
        **{
            "Dockerfile": 'FROM python:3.13\nENTRYPOINT ["tini", "--", "./entrypoint.sh"]\nCMD ["gunicorn", "app:app", "-b", ":9001"]\n',
            "entrypoint.sh": '#!/bin/sh\npython wait.py\nexec "$@"\n',
        }
    )
    assert (found.start, found.port) == ("gunicorn app:app -b :9001", 9001)


def test_a_command_in_several_steps_starts_with_the_one_that_serves() -> None:
    found = flask(
        Procfile="web: flask db upgrade; gunicorn app:app\nworker-beat: celery -A jobs beat\nweb-api: gunicorn app:app\n"
    )
    assert found.start == "gunicorn app:app"
    assert [(one.name, one.kind) for one in found.processes] == [("worker-beat", "schedule")]


def test_the_port_of_a_development_script_is_not_that_of_the_server() -> None:
    code = FLASK + "if __name__ == '__main__':\n    app.run(debug=True, port=4000)\n"
    found = flask(code, Dockerfile="FROM python:3.13\nEXPOSE 8000\nCMD gunicorn app:app --bind 0.0.0.0:8000\n")
    assert found.port == 8000
    assert flask(code).port == 4000


def test_port_and_daemons_of_a_uwsgi_file() -> None:
    found = flask(
        **{
            "Dockerfile": "FROM python:3.13\nCMD [\"uwsgi\", \"/srv/docker/uwsgi.ini\"]\n",
            "docker/uwsgi.ini": "[uwsgi]\n# http = :1\nhttp-socket = :8400\nattach-daemon = python consume.py --all\n",
        }
    )  # fmt: skip
    assert (found.port, found.evidence["port"]) == (8400, "docker/uwsgi.ini:3")
    assert [(one.command, one.evidence) for one in found.processes] == [
        ("python consume.py --all", "docker/uwsgi.ini:4")
    ]


def test_workers_of_compose_take_the_place_of_derived_ones() -> None:
    found = flask(
        FLASK + "from celery import Celery\ncelery = Celery('x')\ncelery.conf.beat_schedule = {}\n",
        **{
            "requirements.txt": "flask\ncelery\n",
            "compose.yaml": "x-app: &app\n  build: .\nservices:\n  jobs:\n    <<: *app\n    command: celery -A app.celery worker -Q mail\n",
        },
    )
    assert {one.name: (one.kind, one.command) for one in found.processes} == {
        "jobs": ("worker", "celery -A app.celery worker -Q mail"),
        "beat": ("schedule", "celery -A app beat --loglevel=INFO"),
    }


def test_tasks_of_the_manifest_are_run_by_their_runner() -> None:
    found = only(
        {
            "pyproject.toml": "[project]\nname = 'x'\ndependencies = ['flask']\n[tool.uv]\n[tool.poe.tasks]\ntest.cmd = 'python -m unittest'\n",
            "app.py": FLASK,
            "tests/test_app.py": "def test_x(): pass\n",
        }
    )
    assert found.test == "uv run poe test"


# Routes


@pytest.mark.parametrize(
    ("code", "health"),
    [
        ("from flask import Flask, Blueprint\nbp = Blueprint('a', __name__, url_prefix='/a')\n@bp.route('/health')\ndef h(): ...\n"
         "def create_app():\n    app = Flask('x')\n    app.register_blueprint(bp, url_prefix='/b')\n    return app\n", "/b/health"),
        ("from flask import Flask\nfrom flask_restful import Api\napp = Flask('x')\napi = Api(app, prefix='/api')\napi.add_resource(H, '/health')\n", "/api/health"),
        ("from aiohttp import web\nasync def h(r): ...\napp = web.Application()\napp.router.add_get('/healthz', h)\nweb.run_app(app)\n", "/healthz"),
        ("from aiohttp import web\nroutes = web.RouteTableDef()\n@routes.get('/ready')\nasync def h(r): ...\napp = web.Application()\napp.add_routes(routes)\n", "/ready"),
        ("import tornado.web\napp = tornado.web.Application([(r'/', A), (r'/healthz', H)])\n", "/healthz"),
        ("import falcon.asgi\napp = falcon.asgi.App()\napp.add_route('/_health', H())\n", "/_health"),
        ("from sanic import Sanic, Blueprint\nbp = Blueprint('a', url_prefix='/api')\n@bp.get('/health')\nasync def h(r): ...\napp = Sanic('x')\napp.blueprint(bp)\n", "/api/health"),
        ("from bottle import route, run, Bottle\napp = Bottle()\n@route('/ping')\ndef h(): ...\n", "/ping"),
        ("from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n"
         "app = Starlette(routes=[Mount('/v1', routes=[Route('/healthz', h)])])\n", "/v1/healthz"),
    ],
)  # fmt: skip
def test_health_route_of_each_framework(code: str, health: str) -> None:
    packages = "flask\naiohttp\ntornado\nfalcon\nsanic\nbottle\nstarlette\n"
    assert only({"requirements.txt": packages, "app.py": code}).health == health


def test_lists_of_django_patterns_have_the_prefix_under_which_they_are_included() -> None:
    found = only(
        {
            "requirements.txt": "django\n",
            "manage.py": MANAGE,
            "config/settings.py": SETTINGS,
            "config/urls.py": "from django.urls import include, path\ninner = [path('healthz/', h)]\nunused = [path('health/', h)]\n"
            "urlpatterns = [path('api/', include((inner, 'x')))]\nurlpatterns += [path('ht/', HealthCheckView.as_view())]\n",
        }
    )
    assert (found.health, found.candidates["health"][-1].value) == ("/ht/", "/api/healthz/")


# Environment


def test_a_wsgi_environment_is_not_the_process_s() -> None:
    found = flask(
        FLASK
        + "class M:\n    def __call__(self, environ, start):\n        return environ.get('HTTP_HOST'), environ['PATH_INFO']\n"
    )
    assert found.environment == ()


def test_functions_that_read_a_variable_are_followed() -> None:
    found = flask(
        "import os\nfrom flask import Flask\ndef flag(name, default):\n    return os.getenv(name, default) == 'on'\n"
        "def twice(name):\n    return flag(name, 'off')\nDEBUG = flag('DEBUG', 'off')\nFAST = twice('FAST')\napp = Flask('x')\n"
    )
    assert (found.environment, found.required_environment) == (("DEBUG", "FAST"), ())


@pytest.mark.parametrize(
    ("code", "names", "required"),
    [
        ("import environ\nenv = environ.Env(A=(bool, False))\na = env('A')\nb = env('B')\nc = env.int('C', 3)\nd = env('D', str)\ne = env.db()\n",
         ("A", "B", "C", "D", "DATABASE_URL"), ("B", "D", "DATABASE_URL")),
        ("from environs import Env\nenv = Env()\nwith env.prefixed('APP_'):\n    a = env.str('NAME')\n    b = env.int('SIZE', 2)\n", ("APP_NAME", "APP_SIZE"), ("APP_NAME",)),
        ("from decouple import config\na = config('A')\nb = config('B', 1)\n", ("A", "B"), ("A",)),
        ("from pydantic_settings import BaseSettings, SettingsConfigDict\nclass Base(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix='X_')\n"
         "class S(Base):\n    key: str\n    size: int = 3\n", ("X_KEY", "X_SIZE"), ("X_KEY",)),
    ],
)  # fmt: skip
def test_settings_libraries(code: str, names: tuple[str, ...], required: tuple[str, ...]) -> None:
    found = flask(**{"settings.py": code})
    assert (found.environment, found.required_environment) == (tuple(sorted(names)), tuple(sorted(required)))


# Services, folders


def test_connection_strings_of_settings_are_services_and_those_that_are_compared_are_not() -> None:
    found = flask(
        **{
            "config.py": "BROKER = 'amqp://guest@localhost//'\n'mongodb://docstring'\n# redis://comment\n"
            "def kind(url):\n    return url.startswith('kafka://x') or url == 'nats://x'\n"
        }
    )
    assert found.services == ("rabbitmq",)


def test_folders_are_evaluated_from_the_file_that_names_them() -> None:
    found = flask(
        "import os\nfrom flask import Flask\nBASE = os.path.dirname(os.path.abspath(__file__))\napp = Flask(__name__, static_folder='public')\n"
        "app.config['UPLOAD_FOLDER'] = os.path.join(BASE, 'var', 'uploads')\napp.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///shop.db'\n",
        **{"public/site.css": "", "requirements.txt": "flask\nflask-sqlalchemy\n"},
    )
    assert (found.writable, found.assets) == (("instance/shop.db", "var/uploads"), "public")


@pytest.mark.parametrize(
    ("package", "code", "path"),
    [
        ("prometheus-client", "from prometheus_client import make_wsgi_app\nfrom werkzeug.middleware.dispatcher import DispatcherMiddleware\n"
         "app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {'/m': make_wsgi_app()})\n", "/m"),
        ("prometheus-client", "from prometheus_client import Counter\nC = Counter('a', 'b')\n", None),
        ("prometheus-flask-exporter", "from prometheus_flask_exporter import PrometheusMetrics\nPrometheusMetrics(app)\n", "/metrics"),
    ],
)  # fmt: skip
def test_metrics_are_those_that_are_served(package: str, code: str, path: str | None) -> None:
    assert flask(FLASK + code, **{"requirements.txt": f"flask\n{package}\n"}).metrics == path
