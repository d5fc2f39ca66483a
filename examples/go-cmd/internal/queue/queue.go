// Package queue is where orders wait.
package queue

import (
	"context"

	amqp "github.com/rabbitmq/amqp091-go"
)

const name = "orders"

// Queue holds orders.
type Queue struct{ channel *amqp.Channel }

// Open connects to RabbitMQ.
func Open(url string) (*Queue, error) {
	connection, err := amqp.Dial(url)
	if err != nil {
		return nil, err
	}
	channel, err := connection.Channel()
	if err != nil {
		return nil, err
	}
	_, err = channel.QueueDeclare(name, true, false, false, false, nil)
	return &Queue{channel}, err
}

// Put adds an order.
func (q *Queue) Put(ctx context.Context, order []byte) error {
	return q.channel.PublishWithContext(ctx, "", name, false, false, amqp.Publishing{Body: order})
}

// Each calls do with every order, for ever.
func (q *Queue) Each(do func([]byte) error) error {
	orders, err := q.channel.Consume(name, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for order := range orders {
		if err := do(order.Body); err != nil {
			return err
		}
		if err := order.Ack(false); err != nil {
			return err
		}
	}
	return nil
}
