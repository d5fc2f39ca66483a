package org.example.library.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class LoanTests {
    @Test
    void aLoanIsOverdueAfterItsDay() {
        Loan loan = new Loan(1L, "Moby-Dick", LocalDate.of(2026, 3, 1));
        assertThat(loan.overdue(LocalDate.of(2026, 3, 2))).isTrue();
    }
}
