using Library.Catalog;
using MongoDB.Driver;
using StackExchange.Redis;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddHealthChecks();
builder.Services.AddRazorPages();
builder.Services.AddControllers();
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddPrometheusExporter());
builder.Services.AddSingleton<IMongoClient>(new MongoClient(builder.Configuration.GetConnectionString("Catalog")));
builder.Services.AddSingleton<IConnectionMultiplexer>(
    ConnectionMultiplexer.Connect(builder.Configuration["REDIS_HOST"] ?? "localhost"));

var port = int.Parse(Environment.GetEnvironmentVariable("PORT") ?? "5310");
builder.WebHost.ConfigureKestrel(options => options.ListenAnyIP(port));

var app = builder.Build();
app.UseStaticFiles();
app.MapRazorPages();
app.MapControllers();
app.MapProbes();
app.MapPrometheusScrapingEndpoint();
app.Run();
