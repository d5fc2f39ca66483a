"""C#: what MSBuild, Kestrel and the routing of ASP.NET Core really do."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

WEB = '<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net8.0</TargetFramework></PropertyGroup></Project>'
PROGRAM = "var app = WebApplication.CreateBuilder(args).Build();\n"


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(files))


def web(code: str, **files: str) -> Component:
    found = project({"Shop.csproj": WEB, "Program.cs": PROGRAM + code, **files}).components
    assert [component.path for component in found] == ["."]
    return found[0]


@pytest.mark.parametrize(
    ("code", "port"),
    [
        ("app.Run();", 8080),
        ('app.Run("http://*:5000");', 5000),
        ('var port = Environment.GetEnvironmentVariable("PORT") ?? "3000";\napp.Run($"http://0.0.0.0:{port}");', 3000),
        ('app.Urls.Add("http://+:5100");\napp.Run();', 5100),
        ('builder.WebHost.UseUrls("https://*:5443", "http://*:5200");', 5200),
        ("const int Port = 5300;\nbuilder.WebHost.UseKestrel(o => o.ListenAnyIP(Port));", 5300),
        ('builder.WebHost.UseKestrel(o => { o.ListenAnyIP(5444, l => l.UseHttps("a")); o.ListenAnyIP(5400); });', 5400),
        ('// app.Run("http://*:9999");\napp.Run();', 8080),
        ('if (app.Environment.IsDevelopment()) { app.Urls.Add("http://*:9999"); }\napp.Run();', 8080),
        ("builder.WebHost.UseUrls(Addresses());", None),  # said, but not to be read: no convention then
    ],
)
def test_port_of_the_code(code: str, port: int | None) -> None:
    assert web(code).port == port


def test_kestrel_endpoints_go_before_the_code_and_the_code_before_urls() -> None:
    code = 'app.Run("http://*:5000");'
    assert web(code, **{"appsettings.json": '{"Urls": "http://*:6000"}'}).port == 5000
    endpoints = '{"Kestrel": {"Endpoints": {"Http": {"Url": "http://*:7000"}, "Https": {"Url": "https://*:7001"}}}}'
    assert web(code, **{"appsettings.json": endpoints}).port == 7000
    assert web("app.Run();", **{"appsettings.json": '{"Urls": "http://*:6000"}'}).port == 6000


def test_settings_and_launch_profiles_of_development_say_nothing_of_the_port() -> None:
    found = web(
        "app.Run();",
        **{
            "appsettings.Development.json": '{"Urls": "http://*:6000"}',
            "Properties/launchSettings.json": '{"profiles": {"x": {"applicationUrl": "http://localhost:6001"}}}',
        },
    )
    assert (found.port, found.evidence["port"]) == (8080, "convention: default port of the ASP.NET Core images")


@pytest.mark.parametrize(
    ("environment", "port"),
    [
        ("ASPNETCORE_URLS=http://+:5050", 5050),
        ("ASPNETCORE_HTTP_PORTS=5060", 5060),
        ('ASPNETCORE_URLS="https://*:443;http://*:80"', 80),
    ],
)
def test_port_of_the_image(environment: str, port: int) -> None:
    image = f'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nENV {environment}\nENTRYPOINT ["dotnet", "Shop.dll"]\n'
    found = web("app.Run();", Dockerfile=image)
    assert (found.port, found.evidence["port"]) == (port, "Dockerfile:2")


def test_images_before_dotnet_8_listen_on_80() -> None:
    old = WEB.replace("net8.0", "net6.0")
    assert project({"Shop.csproj": old, "Program.cs": PROGRAM}).components[0].port == 80


def test_the_dockerfile_at_the_root_is_that_of_the_project_that_it_starts() -> None:
    found = project(
        {
            "src/A/A.csproj": WEB, "src/A/Program.cs": PROGRAM, "src/B/B.csproj": WEB, "src/B/Program.cs": PROGRAM,
            "Dockerfile": 'FROM mcr.microsoft.com/dotnet/aspnet:8.0\nEXPOSE 5070\nENTRYPOINT ["dotnet", "B.dll"]\n',
        }
    )  # fmt: skip
    assert {component.path: component.port for component in found.components} == {"src/A": 8080, "src/B": 5070}


@pytest.mark.parametrize(
    ("code", "health"),
    [
        ('app.MapHealthChecks("/hc");', "/hc"),
        ('app.UseHealthChecks("/health/live");\napp.MapHealthChecks("/health");', "/health"),
        ('var api = app.MapGroup("/api").RequireAuthorization();\napi.MapGet("/ping", () => "pong");', "/api/ping"),
        ('app.MapGroup("/v1").MapGroup("/probes").MapGet("healthz", () => 1);', "/v1/probes/healthz"),
        ('if (app.Environment.IsDevelopment())\n    app.MapHealthChecks("/health");', None),
        ('if (!app.Environment.IsDevelopment()) { app.MapHealthChecks("/healthz"); }', "/healthz"),
        ('// app.MapGet("/health", () => 1);', None),
        ('app.MapPost("/health", () => 1);', None),
    ],
)
def test_health_route(code: str, health: str | None) -> None:
    assert web(code).health == health


def test_health_route_of_a_controller_that_inherits_its_prefix() -> None:
    found = web(
        "app.MapControllers();",
        **{
            "Controllers/BaseApiController.cs": '[Route("api/[controller]")]\npublic class BaseApiController : ControllerBase { }\n',
            "Controllers/HealthController.cs": 'public class HealthController : BaseApiController\n{\n    [HttpGet]\n    public string Get() => "";\n}\n',
        },
    )
    assert (found.health, found.evidence["health"]) == ("/api/health", "Controllers/HealthController.cs:3")


def test_tests_are_no_components_and_give_the_command() -> None:
    test = '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup><PackageReference Include="xunit.v3" /><ProjectReference Include="..\\Shop\\Shop.csproj" /></ItemGroup></Project>'
    files = {"Shop/Shop.csproj": WEB, "Shop/Program.cs": PROGRAM, "ShopTests/ShopTests.csproj": test}
    found = project(files).components
    assert [component.path for component in found] == ["Shop"]
    assert found[0].test == "dotnet test ../ShopTests/ShopTests.csproj"
    solution = 'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "Shop", "Shop\\Shop.csproj", "{A}"\nEndProject\n'
    solution += (
        'Project("{9A19103F-16F7-4668-BE54-9A1E7A4F7556}") = "T", "ShopTests\\ShopTests.csproj", "{B}"\nEndProject\n'
    )
    assert project({**files, "Shop.sln": solution}).components[0].test == "dotnet test ../Shop.sln"
    platform = '{"test": {"runner": "Microsoft.Testing.Platform"}}'
    assert (
        project({**files, "Shop.sln": solution, "global.json": platform}).components[0].test
        == "dotnet test --solution ../Shop.sln"
    )


def test_the_property_of_test_projects_holds_for_those_that_its_condition_names() -> None:
    properties = (
        "<Project><PropertyGroup><TargetFramework>net9.0</TargetFramework><IsTestProject Condition=\"$(MSBuildProjectName.EndsWith('.Test'))\">"
        "true</IsTestProject></PropertyGroup></Project>"
    )
    bare = '<Project Sdk="Microsoft.NET.Sdk.Web" />'
    found = project(
        {"Directory.Build.props": properties, "A/A.csproj": bare, "A/Program.cs": PROGRAM, "A.Test/A.Test.csproj": bare}
    )
    assert [(c.path, c.runtime and c.runtime.version) for c in found.components] == [("A", "9.0")]


def test_an_aspire_host_starts_the_others_and_is_not_deployed() -> None:
    host = '<Project Sdk="Aspire.AppHost.Sdk/13.1.0"><PropertyGroup><OutputType>Exe</OutputType></PropertyGroup><ItemGroup><ProjectReference Include="../Web/Web.csproj" /></ItemGroup></Project>'
    found = project(
        {"AppHost/AppHost.csproj": host, "AppHost/Program.cs": "", "Web/Web.csproj": WEB, "Web/Program.cs": PROGRAM}
    )
    assert [(c.path, c.kind, c.uses) for c in found.components] == [("Web", "service", ()), ("AppHost", "command", ())]
    assert [c.path for c in found.deployable] == ["Web"]


def test_what_a_person_opens_goes_before_its_parts() -> None:
    files = {f"src/{name}/{name}.csproj": WEB for name in ("Admin", "Basket.API", "WebApp")}
    files |= {f"src/{name}/Program.cs": PROGRAM for name in ("Admin", "Basket.API", "WebApp")}
    assert [c.path for c in project(files).components] == ["src/WebApp", "src/Basket.API", "src/Admin"]


def test_a_web_project_without_a_web_host_is_a_worker() -> None:
    code = "var builder = Host.CreateApplicationBuilder(args);\nbuilder.Services.AddHostedService<Loop>();\nbuilder.Build().Run();\n"
    found = project({"Loop.csproj": WEB, "Program.cs": code}).components[0]
    assert (found.kind, found.framework, found.port) == ("worker", "dotnet-worker", None)


def test_configuration_keys_that_a_file_sets_are_no_variables() -> None:
    code = (
        'var a = builder.Configuration["Mail:Host"];\nvar b = builder.Configuration["Mail:Key"];\nvar c = builder.Configuration["API_KEY"] ?? "";\n'
        'var d = builder.Configuration.GetValue<int>("Size", 3);\nvar e = builder.Configuration.GetConnectionString("Main");\n'
    )
    found = web(
        code, **{"appsettings.json": '{"Mail": {"Host": "mail.example.org"}, "ConnectionStrings": {"Main": "Host=db"}}'}
    )
    assert found.environment == ("API_KEY", "Mail__Key")
    assert found.required_environment == ("Mail__Key",)


def test_packages_are_compared_whole_and_without_case() -> None:
    body = '<ItemGroup><PackageReference Include="npgsql" Version="9" /><PackageReference Include="StackExchange.Redis.Fake" /></ItemGroup></Project>'
    assert project({"A.csproj": WEB.replace("</Project>", body), "Program.cs": PROGRAM}).components[0].services == (
        "postgresql",
    )


def test_a_sqlite_file_is_written() -> None:
    body = '<ItemGroup><PackageReference Include="Microsoft.EntityFrameworkCore.Sqlite" Version="9" /></ItemGroup></Project>'
    settings = '{"ConnectionStrings": {"Main": "Data Source=data/shop.db;Cache=Shared"}}'
    found = project({"A.csproj": WEB.replace("</Project>", body), "Program.cs": PROGRAM, "appsettings.json": settings})
    assert found.components[0].writable == ("data/shop.db",)


def test_a_broken_project_is_a_problem() -> None:
    found = project({"A.csproj": "<Project>\n<ItemGroup>\n</Project>", "B/B.csproj": WEB, "B/Program.cs": PROGRAM})
    assert [(problem.path, problem.line) for problem in found.problems] == [("A.csproj", 3)]
    assert [component.path for component in found.components] == ["B"]
