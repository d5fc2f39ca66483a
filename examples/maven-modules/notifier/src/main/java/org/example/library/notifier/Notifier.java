package org.example.library.notifier;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication(scanBasePackages = "org.example.library")
public class Notifier {
    public static void main(String[] args) {
        SpringApplication.run(Notifier.class, args);
    }

    @RabbitListener(queues = "reminders")
    public void remind(String reader) {
        System.out.println("reminding " + reader);
    }
}
