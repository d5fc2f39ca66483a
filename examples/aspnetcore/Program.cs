using Bookings;
using Bookings.Data;
using Microsoft.EntityFrameworkCore;
using Prometheus;

var builder = WebApplication.CreateBuilder(args);

// The token of the calendar service has no place in appsettings.json.
var token = Environment.GetEnvironmentVariable("CALENDAR_TOKEN")
    ?? throw new InvalidOperationException("CALENDAR_TOKEN is not set");
var region = Environment.GetEnvironmentVariable("REGION") ?? "eu";

builder.Services.AddSingleton(new Calendar(builder.Configuration["Calendar:Url"]!, token, region));
builder.Services.AddDbContext<BookingsContext>(options =>
    options.UseNpgsql(builder.Configuration.GetConnectionString("Bookings")));
builder.Services.AddHealthChecks().AddDbContextCheck<BookingsContext>(tags: ["ready"]);

var app = builder.Build();

if (app.Environment.IsDevelopment())
{
    app.MapHealthChecks("/health");
}

app.UseHttpMetrics();
app.UseStaticFiles();

// app.Run("http://*:9999");
var api = app.MapGroup("/api");
api.MapRooms();
app.MapHealthChecks("/internal/well", new() { Predicate = check => !check.Tags.Contains("ready") });
app.MapHealthChecks("/internal/ready", new() { Predicate = check => check.Tags.Contains("ready") });
app.MapMetrics("/internal/metrics");

app.Run();

public partial class Program;
