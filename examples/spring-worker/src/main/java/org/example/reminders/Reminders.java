package org.example.reminders;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.scheduling.annotation.EnableScheduling;

@SpringBootApplication
@EnableScheduling
public class Reminders {
  public static void main(String[] args) {
    SpringApplication.run(Reminders.class, args);
  }
}
