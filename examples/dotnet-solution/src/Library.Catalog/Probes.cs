using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Library.Catalog;

public static class Probes
{
    private const string Liveness = "/probes/alive";

    public static void MapProbes(this IEndpointRouteBuilder endpoints) => endpoints.MapHealthChecks(Liveness);

    // Nobody calls this one.
    public static void MapOldProbes(this IEndpointRouteBuilder endpoints) => endpoints.MapHealthChecks("/health");
}
