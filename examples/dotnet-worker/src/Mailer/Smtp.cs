using System.Net.Mail;

namespace Mailer;

public class Smtp
{
    // SMTP_PASSWORD used to be read here with Environment.GetEnvironmentVariable("SMTP_PASSWORD").
    private readonly string host = Environment.GetEnvironmentVariable("SMTP_HOST") ?? "mail.example.org";

    public Task SendAsync(string body)
    {
        using var client = new SmtpClient(host);
        return client.SendMailAsync("shop@example.org", "customer@example.org", "Your order", body);
    }
}
