"""Rust repositories too small for an example: values, routers, binaries, workspaces."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def manifest(*dependencies: str, more: str = "") -> str:
    lines = "".join(f'{name} = "1"\n' if "=" not in name else f"{name}\n" for name in dependencies)
    return f'[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n{lines}{more}'


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(dict(files)))


def only(files: dict[str, str]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def axum(code: str, **files: str) -> Component:
    return only({"Cargo.toml": manifest("axum", "tokio"), "src/main.rs": code, **files})


@pytest.mark.parametrize(
    ("code", "port", "variable"),
    [
        ('async fn main() { let l = TcpListener::bind("0.0.0.0:4001").await; axum::serve(l, app); }', 4001, None),
        ('// TcpListener::bind("0.0.0.0:9999")\nasync fn main() { let a = SocketAddr::from(([127, 0, 0, 1], 4002)); axum::Server::bind(&a).serve(app); }', 4002, None),
        ('async fn main() { let p = std::env::var("PORT").ok().and_then(|p| p.parse().ok()).unwrap_or(4003); TcpListener::bind(("0.0.0.0", p)); }', 4003, "PORT"),
        ('async fn main() { let port = env::var("APP_PORT").unwrap_or_else(|_| "4004".into()); let a = format!("[::]:{port}"); TcpListener::bind(&a); }', 4004, "APP_PORT"),
        ('const ADDR: &str = "localhost:4005";\nasync fn main() { TcpListener::bind(ADDR); }', 4005, None),
        ('fn address() -> String { match env::var("ADDR") { Ok(a) => a, Err(_) => "0.0.0.0:4006".to_string() } }\nasync fn main() { TcpListener::bind(address()); }', 4006, "ADDR"),
        ('struct Settings { #[serde(default = "port")] port: u16 }\nfn port() -> u16 { 4_007 }\nasync fn main() { let s: Settings = load(); TcpListener::bind(("::", s.port)); }', 4007, None),
        ('struct Settings { port: u16 }\nimpl Default for Settings { fn default() -> Self { Self { port: 4008 } } }\nstruct Metrics { port: u16 }\nimpl Default for Metrics { fn default() -> Self { Self { port: 9000 } } }\nasync fn main() { let s = Settings::default(); TcpListener::bind(("::", s.port)); }', 4008, None),
        ('async fn serve(port: u16) { TcpListener::bind(("::", port)); }\nasync fn main() { serve(4009).await; }', 4009, None),
        ('async fn main() { tokio::join!(async { TcpListener::bind("[::]:4010").await }, other()); }', 4010, None),
    ],
)  # fmt: skip
def test_port(code: str, port: int, variable: str | None) -> None:
    found = axum(code)
    assert (found.kind, found.port, found.traits.get("port_env")) == ("service", port, variable)


@pytest.mark.parametrize(
    ("dependency", "code", "health"),
    [
        ("axum", 'fn api() -> Router { Router::new().route("/health", get(f)) }\nfn main() { let app = Router::new().nest("/v1", api()); TcpListener::bind("[::]:1024"); }', "/v1/health"),
        ("axum", 'fn main() { let inner = Router::new().route("/livez", get(f)); let app = Router::new().nest("/ops", Router::new().merge(inner)); TcpListener::bind("[::]:1024"); }', "/ops/livez"),
        ("axum", 'fn main() { let app = Router::new().route("/health", post(f)); TcpListener::bind("[::]:1024"); }', None),
        ("axum", '#[cfg(test)]\nmod tests { fn t() { Router::new().route("/health", get(f)); } }\nfn main() { TcpListener::bind("[::]:1024"); }', None),
        ("actix-web", 'fn main() { HttpServer::new(|| App::new().service(web::scope("/api").service(web::resource("/health").route(web::get().to(f))))).bind(("::", 1024)); }', "/api/health"),
        ("actix-web", '#[get("/health")]\nasync fn health() {}\nfn setup(c: &mut web::ServiceConfig) { c.service(web::scope("/x").service(health)); }\nfn main() { HttpServer::new(|| App::new().configure(setup)).bind(("::", 1024)); }', "/x/health"),
        ("rocket", '#[get("/health?<full>")]\nfn health() {}\n#[launch]\nfn rocket() -> _ { rocket::build().mount("/api", routes![health]) }\nfn main() {}', "/api/health"),
        ("warp", 'fn main() { let h = warp::path("api").and(warp::path("health")).and(warp::path::end()); warp::serve(h).run(([0, 0, 0, 0], 1024)); }', "/api/health"),
        ("poem", 'fn main() { let app = Route::new().nest("/api", Route::new().at("/health", get(f))); Server::new(TcpListener::bind("0.0.0.0:1024")).run(app); }', "/api/health"),
    ],
)  # fmt: skip
def test_health(dependency: str, code: str, health: str | None) -> None:
    found = only({"Cargo.toml": manifest(dependency), "src/main.rs": code})
    assert (found.framework, found.health) == (dependency, health)


def test_rocket_listens_on_8000_where_nothing_says_otherwise() -> None:
    files = {"Cargo.toml": manifest("rocket"), "src/main.rs": "#[launch]\nfn rocket() -> _ { rocket::build() }\n"}
    assert (only(files).port, only(files).evidence["port"]) == (8000, "convention: Rocket's default port")
    said = only({**files, "Rocket.toml": "[debug]\nport = 1111\n\n[global]\nport = 4100\n"})
    assert (said.port, said.evidence["port"]) == (4100, "Rocket.toml:5")


def test_versions_of_every_file() -> None:
    main = {"src/main.rs": "fn main() {}\n"}
    plain, minimum = manifest(), manifest().replace("edition", 'rust-version = "1.80"\nedition')
    for files, version in (
        ({"Cargo.toml": minimum}, "1.80"),
        ({"Cargo.toml": minimum, "rust-toolchain": "1.85.0\n"}, "1.85.0"),
        ({"Cargo.toml": minimum, "rust-toolchain.toml": '[toolchain]\nchannel = "1.86.0"\n'}, "1.86.0"),
        ({"Cargo.toml": minimum, "rust-toolchain.toml": '[toolchain]\nchannel = "stable"\n'}, "1.80"),
        ({"Cargo.toml": plain, "rust-toolchain": "nightly-2025-04-01\n", ".tool-versions": "rust 1.87.0\n"}, "1.87.0"),
        ({"Cargo.toml": plain, "Dockerfile": "FROM lukemathwalker/cargo-chef:latest-rust-1.88 AS chef\n"}, "1.88"),
    ):
        found = only({**main, **files})
        assert found.runtime is not None and found.runtime.version == version, files


def test_engines_are_whole_words_of_features() -> None:
    files = {
        "Cargo.toml": manifest(
            'sqlx = { version = "0.8", features = ["runtime-tokio", "postgres"] }',
            'actix-session = { version = "0.10", features = ["redis-session-rustls"] }',
            'mysqlish = "1"',
            more='\n[features]\nmysql = ["sqlx/mysql"]\n',
        ),
        "src/main.rs": "fn main() {}\n",
    }
    found = only(files)
    assert found.services == ("mysql", "postgresql", "redis")
    assert found.evidence["services.mysql"] == "Cargo.toml:12"


def test_the_default_program_and_those_beside_it() -> None:
    files = {
        "Cargo.toml": manifest("axum").replace("edition", 'default-run = "api"\nedition'),
        "src/bin/api.rs": 'fn main() { TcpListener::bind("[::]:4200"); }\n',
        "src/bin/queue-worker.rs": 'fn main() { TcpListener::bind("[::]:9999"); loop {} }\n',
        "src/bin/nightly/main.rs": "fn main() {}\n",
    }
    found = only(files)
    assert (found.entrypoint, found.port, found.start) == ("api", 4200, "./target/release/api")
    assert found.build == "cargo build --release --bin api"
    assert found.traits["programs"] == "nightly queue-worker"
    assert [(one.name, one.command) for one in found.processes] == [("queue-worker", "./target/release/queue-worker")]


def test_no_test_no_command() -> None:
    files = {"Cargo.toml": manifest(), "src/main.rs": '// #[test]\nfn main() { println!("#[test]"); }\n'}
    assert only(files).test is None
    tested = only(
        {**files, "src/lib.rs": "#[cfg(test)]\nmod tests {\n    #[tokio::test]\n    async fn works() {}\n}\n"}
    )
    assert (tested.test, tested.evidence["test"]) == ("cargo test", "src/lib.rs:3")


def test_required_environment() -> None:
    found = axum(
        'struct Options { #[arg(long, env)] token: String, #[arg(long, env = "SIZE", default_value_t = 3)] size: u8 }\n'
        'fn main() {\n    let a = std::env::var("NEEDED").expect("NEEDED");\n    let b = env::var("OTHER").unwrap_or_default();\n'
        '    if env::var("FLAG").is_ok() {}\n    let c = dotenvy::var("ALSO")?;\n    // env::var("NOT").unwrap();\n'
        '    let d = env::var("HOME").unwrap();\n    TcpListener::bind("[::]:1024");\n}\n'
    )
    assert found.environment == ("ALSO", "FLAG", "NEEDED", "OTHER", "SIZE", "TOKEN")
    assert found.required_environment == ("ALSO", "NEEDED", "TOKEN")


def test_a_program_that_only_starts_its_library_serves() -> None:
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["bin", "server"]\n\n[workspace.dependencies]\nserver = { path = "server" }\naxum = "0.8"\n',
        "bin/Cargo.toml": '[package]\nname = "app"\nversion = "0.1.0"\n\n[dependencies]\nserver.workspace = true\n',
        "bin/src/main.rs": "fn main() { server::run() }\n",
        "server/Cargo.toml": '[package]\nname = "server"\nversion = "0.1.0"\n\n[dependencies]\naxum.workspace = true\n',
        "server/src/lib.rs": 'pub fn run() { let app = Router::new().route("/healthz", get(f)); TcpListener::bind("[::]:4300"); }\n',
    }
    app, server = project(files).components
    assert (app.path, app.kind, app.framework, app.port, app.health) == ("bin", "service", "axum", 4300, "/healthz")
    assert (app.uses, app.install_path, app.start) == (("server",), ".", "../target/release/app")
    assert (server.kind, server.port) == ("library", None)


def test_a_broken_manifest_is_a_problem_with_its_line() -> None:
    found = project({"Cargo.toml": "[package]\nname = \n", "src/main.rs": "fn main() {}\n"})
    assert [(problem.path, problem.line) for problem in found.problems] == [("Cargo.toml", 2)]
