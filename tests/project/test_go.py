"""Go repositories too small for an example: programs and what they reach, values, routes, modules."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

MODULE = "module example.org/x\n\ngo 1.25.0\n"


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(dict(files)))


def only(files: dict[str, str]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def program(body: str, *imports: str, module: str = MODULE, **files: str) -> Component:
    lines = "\n".join(f'\t"{name}"' for name in ("net/http", *imports))
    return only({"go.mod": module, "main.go": f"package main\n\nimport (\n{lines}\n)\n\n{body}\n", **files})


@pytest.mark.parametrize(
    ("body", "port", "variable"),
    [
        ('func main() { http.ListenAndServe("0.0.0.0:4001", nil) }', 4001, None),
        ('func main() {\n\t// http.ListenAndServe(":9999", nil)\n\thttp.ListenAndServe(":4002", nil)\n}', 4002, None),
        ('func main() { s := &http.Server{Addr: ":4003"}; s.ListenAndServe() }', 4003, None),
        ('func main() { p := os.Getenv("PORT"); if p == "" { p = "4004" }; http.ListenAndServe(":"+p, nil) }', 4004, "PORT"),
        ('func main() { http.ListenAndServe(":"+cmp.Or(os.Getenv("WEB_PORT"), "4005"), nil) }', 4005, "WEB_PORT"),
        ('func main() { p := flag.Int("port", 4006, "port"); flag.Parse(); http.ListenAndServe(fmt.Sprintf(":%d", *p), nil) }', 4006, None),
        ('var addr string\n\nfunc main() { flag.StringVar(&addr, "addr", ":4007", "address"); http.ListenAndServe(addr, nil) }', 4007, None),
        ('func serve(addr string) { http.ListenAndServe(addr, nil) }\n\nfunc main() { serve("127.0.0.1:4008") }', 4008, None),
        ('func port() string {\n\tif p := os.Getenv("PORT"); p != "" {\n\t\treturn p\n\t}\n\treturn "4009"\n}\n\nfunc main() { http.ListenAndServe(":"+port(), nil) }', 4009, "PORT"),
        ('type config struct {\n\tPort int `env:"APP_PORT" envDefault:"4010"`\n}\n\nfunc main() { var c config; http.ListenAndServe(fmt.Sprintf(":%d", c.Port), nil) }', 4010, "APP_PORT"),
        ('func main() { viper.SetDefault("http.port", 4011); http.ListenAndServe(fmt.Sprintf(":%d", viper.GetInt("http.port")), nil) }', 4011, None),
        ('func main() { go func() { http.ListenAndServe(":6060", nil) }(); http.ListenAndServe(":4012", http.NewServeMux()) }', 4012, None),
        ('type redis struct{ Addr string }\n\nfunc main() { _ = redis{Addr: "localhost:6379"}; http.ListenAndServe(":4013", nil) }', 4013, None),
        ('const host = "localhost"\n\nfunc main() { http.ListenAndServe(host+":"+"4014", nil) }', 4014, None),
    ],
)  # fmt: skip
def test_port(body: str, port: int, variable: str | None) -> None:
    found = program(body, "os", "flag", "fmt", "cmp", "github.com/spf13/viper")
    assert (found.port, found.traits.get("port_env")) == (port, variable)


def test_a_variable_without_a_default_takes_the_value_of_the_dotenv_example() -> None:
    found = program(
        'func main() { http.ListenAndServe(":"+os.Getenv("HTTP_PORT"), nil) }', "os",
        **{".env.example": "DB_PORT=5432\n# HTTP_PORT=1\nHTTP_PORT=4020\n"},
    )  # fmt: skip
    assert (found.port, found.evidence["port"]) == (4020, ".env.example:3")


def test_the_settings_file_of_viper_says_the_port() -> None:
    module = MODULE + "\nrequire github.com/spf13/viper v1.21.0\n"
    found = program(
        'func main() { viper.ReadInConfig(); http.ListenAndServe(viper.GetString("server.address"), nil) }', "github.com/spf13/viper",
        module=module, **{"config/config.yaml": "database:\n  port: 5432\nserver:\n  port: 4021\n"},
    )  # fmt: skip
    assert (found.port, found.evidence["port"]) == (4021, "config/config.yaml:4")


@pytest.mark.parametrize(
    ("body", "health"),
    [
        ('func main() { m := http.NewServeMux(); m.HandleFunc("GET /healthz", nil); http.ListenAndServe(":1024", m) }', "/healthz"),
        ('func main() { http.HandleFunc("POST /healthz", nil); http.ListenAndServe(":1024", nil) }', None),
        ('func add(r *gin.RouterGroup) { r.GET("health", nil) }\n\nfunc main() { e := gin.Default(); add(e.Group("/api")); e.Run(":1024") }', "/api/health"),
        ('func main() { r := chi.NewRouter(); r.Route("/a", func(r chi.Router) { r.Route("/b", func(r chi.Router) { r.Get("/livez", nil) }) }); http.ListenAndServe(":1024", r) }', "/a/b/livez"),
        ('func sub() http.Handler { r := chi.NewRouter(); r.Get("/health", nil); return r }\n\nfunc main() { r := chi.NewRouter(); r.Mount("/ops", sub()); http.ListenAndServe(":1024", r) }', "/ops/health"),
        ('func main() { r := mux.NewRouter(); s := r.PathPrefix("/v1").Subrouter(); s.HandleFunc("/health", nil).Methods("GET"); http.ListenAndServe(":1024", r) }', "/v1/health"),
        ('func main() { r := mux.NewRouter(); r.HandleFunc("/health", nil).Methods("POST"); http.ListenAndServe(":1024", r) }', None),
        ('func main() { r := chi.NewRouter(); r.Use(middleware.Heartbeat("/ping")); http.ListenAndServe(":1024", r) }', "/ping"),
        ('func unused() { http.HandleFunc("/health", nil) }\n\nfunc main() { http.ListenAndServe(":1024", nil) }', None),
    ],
)  # fmt: skip
def test_health(body: str, health: str | None) -> None:
    found = program(
        body,
        "github.com/gin-gonic/gin",
        "github.com/go-chi/chi/v5",
        "github.com/go-chi/chi/v5/middleware",
        "github.com/gorilla/mux",
    )
    assert found.health == health


CLIENT_AND_SERVER = {
    "go.mod": MODULE + "\nrequire github.com/spf13/cobra v1.10.1\n",
    "http/http.go": 'package http\n\nimport "net/http"\n\ntype Client struct{}\n\nfunc (c *Client) Ask() {}\n\n'
    'type Server struct{}\n\nfunc (s *Server) Open() error {\n\thttp.HandleFunc("/health", nil)\n\treturn http.ListenAndServe(":4500", nil)\n}\n',
    "cmd/xd/main.go": 'package main\n\nimport "example.org/x/http"\n\nfunc main() { (&http.Server{}).Open() }\n',
    "cmd/xctl/main.go": 'package main\n\nimport (\n\t"github.com/spf13/cobra"\n\n\t"example.org/x/http"\n)\n\n'
    'var root = &cobra.Command{Use: "xctl", Run: func(*cobra.Command, []string) { (&http.Client{}).Ask() }}\n\nfunc main() { root.Execute() }\n',
    "tools/gen/main.go": "package main\n\nfunc main() {}\n",
    "cmd/docgen/main.go": "package main\n\nfunc main() {}\n",
}


def test_two_programs_of_one_module_share_no_port() -> None:
    server, client = project(CLIENT_AND_SERVER).components
    assert (server.path, server.entrypoint, server.port, server.health, server.framework) == (
        ".",
        "./cmd/xd",
        4500,
        "/health",
        "net/http",
    )
    assert (client.path, client.kind, client.framework, client.port, client.health) == (
        "cmd/xctl",
        "command",
        "cobra",
        None,
        None,
    )
    assert (client.install_path, client.manifest, client.build, client.start) == (
        ".",
        "go.mod",
        "go build -o bin/xctl .",
        "./bin/xctl",
    )


def test_the_dockerfile_says_which_program_is_the_application() -> None:
    serve = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":%d", nil) }\n'
    files = {
        "go.mod": MODULE,
        "cmd/aaa/main.go": serve % 4601,
        "cmd/zzz/main.go": serve % 4602,
        "Dockerfile": 'FROM golang:1.25\nCOPY . .\nRUN go build -o /zzz ./cmd/zzz\nENTRYPOINT ["/zzz"]\n',
    }
    first, second = project(files).components
    assert (first.entrypoint, first.port, second.path, second.port) == ("./cmd/zzz", 4602, "cmd/aaa", 4601)


def test_files_that_are_not_built_do_not_count() -> None:
    serve = 'import "net/http"\n\nfunc main() { http.ListenAndServe(":4700", nil) }\n'
    files = {
        "go.mod": MODULE,
        "lib.go": "package x\n",
        "gen.go": f"//go:build ignore\n\npackage main\n\n{serve}",
        "magefile.go": f"//go:build mage\n\npackage main\n\n{serve}",
        "old.go": f"// +build ignore\n\npackage main\n\n{serve}",
    }
    found = only(files)
    assert (found.kind, found.port, found.build) == ("library", None, "go build ./...")


def test_a_subcommand_serves_and_another_one_works() -> None:
    files = {
        "go.mod": MODULE + "\nrequire (\n\tgithub.com/hibiken/asynq v0.25.1\n\tgithub.com/spf13/cobra v1.10.1\n)\n",
        "main.go": 'package main\n\nimport (\n\t"net/http"\n\n\t"github.com/hibiken/asynq"\n\t"github.com/spf13/cobra"\n)\n\n'
        'var root = &cobra.Command{Use: "x"}\n\n'
        'var serve = &cobra.Command{Use: "serve", RunE: func(*cobra.Command, []string) error { return listen() }}\n\n'
        'var worker = &cobra.Command{Use: "worker", RunE: func(*cobra.Command, []string) error { return work() }}\n\n'
        'func listen() error { return http.ListenAndServe(":4800", nil) }\n\n'
        "func work() error { return asynq.NewServer(asynq.RedisClientOpt{}, asynq.Config{}).Run(nil) }\n\n"
        "func main() { root.AddCommand(serve, worker); root.Execute() }\n",
    }
    found = only(files)
    assert (found.start, found.framework, found.services) == ("./bin/x serve", "net/http", ("redis",))
    assert [(one.name, one.kind, one.command) for one in found.processes] == [("worker", "worker", "./bin/x worker")]


def test_versions_of_every_file() -> None:
    main = {"main.go": "package main\n\nfunc main() {}\n"}
    for files, version in (
        ({"go.mod": "module x\n\ngo 1.22\n"}, "1.22"),
        ({"go.mod": "module x\n\ngo 1.22\n\ntoolchain go1.24.2\n"}, "1.24.2"),
        ({"go.mod": "module x\n\ngo 1.22\n", ".go-version": "1.23.1\n"}, "1.23.1"),
        ({"go.mod": "module x\n", ".tool-versions": "golang 1.21.5\n"}, "1.21.5"),
        ({"go.mod": "module x\n", "go.work": "go 1.25.1\n\nuse .\n"}, "1.25.1"),
        ({"go.mod": "module x\n", "Dockerfile": "FROM golang:1.20-alpine\n"}, "1.20"),
    ):
        found = only({**main, **files})
        assert found.runtime is not None and found.runtime.version == version, files


def test_a_module_beside_is_used_and_read() -> None:
    files = {
        "common/go.mod": "module example.org/common\n\ngo 1.25\n",
        "common/web/web.go": 'package web\n\nimport (\n\t"net/http"\n\t"os"\n)\n\nfunc Serve() { http.ListenAndServe(":"+os.Getenv("PORT"), nil) }\n',
        "shop/go.mod": "module example.org/shop\n\ngo 1.25\n\nrequire example.org/common v0.0.0\n\nreplace example.org/common => ../common\n",
        "shop/main.go": 'package main\n\nimport "example.org/common/web"\n\nfunc main() { web.Serve() }\n',
        "shop/.env": "PORT=4900\n",
        "other/go.mod": "module example.org/other\n\ngo 1.25\n",
        "other/main.go": "package main\n\nfunc main() {}\n",
    }
    shop, other, common = project(files).components
    assert (shop.path, shop.kind, shop.port, shop.uses, shop.environment) == (
        "shop",
        "service",
        4900,
        ("common",),
        ("PORT",),
    )
    assert (other.path, other.kind, other.uses) == ("other", "command", ())
    assert (common.path, common.kind) == ("common", "library")


def test_required_environment_is_what_ends_the_program() -> None:
    found = program(
        'func must(name string) string {\n\tvalue := os.Getenv(name)\n\tif value == "" {\n\t\tpanic(name)\n\t}\n\treturn value\n}\n\n'
        'func main() {\n\tkey := os.Getenv("API_KEY")\n\tif key == "" {\n\t\tlog.Fatal("API_KEY")\n\t}\n'
        '\tlevel := os.Getenv("LOG_LEVEL")\n\tif level == "" {\n\t\tlevel = "info"\n\t}\n'
        '\tif os.Getenv("DEBUG") == "1" {\n\t\tlevel = "debug"\n\t}\n\t_ = must("DSN") + os.Getenv("HOME")\n\thttp.ListenAndServe(":1024", nil)\n}',
        "os", "log",
    )  # fmt: skip
    assert found.environment == ("API_KEY", "DEBUG", "DSN", "LOG_LEVEL")
    assert found.required_environment == ("API_KEY", "DSN")


def test_grpc_alone_has_no_framework() -> None:
    found = only(
        {
            "go.mod": MODULE + "\nrequire google.golang.org/grpc v1.76.0\n",
            "main.go": 'package main\n\nimport (\n\t"net"\n\n\t"google.golang.org/grpc"\n)\n\n'
            'func main() {\n\tlis, _ := net.Listen("tcp", ":4950")\n\tgrpc.NewServer().Serve(lis)\n}\n',
        }
    )
    assert (found.kind, found.framework, found.port, found.traits["grpc"]) == ("service", None, 4950, "true")


def test_a_command_that_waits_for_a_browser_is_no_service() -> None:
    found = program('func main() {\n\tlis, _ := net.Listen("tcp", "127.0.0.1:0")\n\thttp.Serve(lis, nil)\n}', "net")
    assert (found.kind, found.port) == ("command", None)


def test_go_tool_migrates() -> None:
    found = program(
        'func main() { http.ListenAndServe(":1024", nil) }', "github.com/lib/pq",
        module=MODULE + "\ntool github.com/pressly/goose/v3/cmd/goose\n\nrequire github.com/lib/pq v1.10.9\n",
        **{"migrations/1.sql": "-- +goose Up\n"},
    )  # fmt: skip
    assert (found.migrate, found.evidence["migrate"]) == ("go tool goose -dir migrations up", "go.mod:5")
