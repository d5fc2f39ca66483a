using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Mailer;

public class Consumer(Smtp smtp, ILogger<Consumer> logger) : BackgroundService
{
    private const string Queue = "mails";

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        var factory = new ConnectionFactory { Uri = new Uri(Environment.GetEnvironmentVariable("AMQP_URL")!) };
        var connection = await factory.CreateConnectionAsync(stopping);
        var channel = await connection.CreateChannelAsync(cancellationToken: stopping);
        await channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false, cancellationToken: stopping);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, message) =>
        {
            await smtp.SendAsync(Encoding.UTF8.GetString(message.Body.Span));
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
            logger.LogInformation("sent one mail");
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, stopping);
        await Task.Delay(Timeout.Infinite, stopping);
    }
}
