package org.example.reminders;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mail.MailSender;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class MorningRound {
  private final JdbcClient database;
  private final MailSender mail;
  private final String from;

  MorningRound(JdbcClient database, MailSender mail, @Value("${reminders.from}") String from) {
    this.database = database;
    this.mail = mail;
    this.from = from;
  }

  @Scheduled(cron = "0 30 6 * * MON-FRI", zone = "Europe/Paris")
  void round() {
    database.sql("select email from appointment where day = current_date").query(String.class).list().forEach(this::remind);
  }

  private void remind(String email) {
    SimpleMailMessage message = new SimpleMailMessage();
    message.setFrom(from);
    message.setTo(email);
    message.setSubject("Your appointment today");
    mail.send(message);
  }
}
