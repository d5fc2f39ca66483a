package org.example.reminders;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.scheduling.annotation.EnableScheduling;

class RemindersTests {
  @Test
  void theRoundIsScheduled() {
    assertThat(Reminders.class).hasAnnotation(EnableScheduling.class);
  }
}
