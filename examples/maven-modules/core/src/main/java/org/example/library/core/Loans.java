package org.example.library.core;

import java.time.LocalDate;
import java.util.List;
import org.springframework.data.repository.Repository;

public interface Loans extends Repository<Loan, Long> {
    List<Loan> findByDueBefore(LocalDate day);
}
