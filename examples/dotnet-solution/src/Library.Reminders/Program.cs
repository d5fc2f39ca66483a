using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

await Host.CreateDefaultBuilder(args)
    .ConfigureServices(services => services.AddHostedService<Reminders>())
    .Build()
    .RunAsync();

public class Reminders : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        var minutes = int.Parse(Environment.GetEnvironmentVariable("REMINDER_MINUTES") ?? "30");
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(minutes));
        while (await timer.WaitForNextTickAsync(stopping))
        {
            Console.WriteLine("reminding the readers");
        }
    }
}
