package org.example.library.core;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.LocalDate;

@Entity
public class Loan {
    @Id
    private Long id;
    private String title;
    private LocalDate due;

    protected Loan() {
    }

    public Loan(Long id, String title, LocalDate due) {
        this.id = id;
        this.title = title;
        this.due = due;
    }

    public String title() {
        return title;
    }

    public boolean overdue(LocalDate today) {
        return due.isBefore(today);
    }
}
