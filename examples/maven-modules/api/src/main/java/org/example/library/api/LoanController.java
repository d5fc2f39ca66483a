package org.example.library.api;

import java.time.LocalDate;
import java.util.List;
import org.example.library.core.Loan;
import org.example.library.core.Loans;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class LoanController {
    private final Loans loans;

    LoanController(Loans loans) {
        this.loans = loans;
    }

    @GetMapping(Paths.LOANS + "/overdue")
    List<String> overdue() {
        return loans.findByDueBefore(LocalDate.now()).stream().map(Loan::title).toList();
    }
}
