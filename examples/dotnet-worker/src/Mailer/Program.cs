using Mailer;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddSingleton<Smtp>();
builder.Services.AddHostedService<Consumer>();
builder.Build().Run();
