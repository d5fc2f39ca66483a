package org.example.shop.pricing;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

@SpringBootApplication
@RestController
public class PricingApplication {
    private final JdbcClient database;

    PricingApplication(JdbcClient database) {
        this.database = database;
    }

    public static void main(String[] args) {
        SpringApplication.run(PricingApplication.class, args);
    }

    @GetMapping("/price/{article}")
    int price(@PathVariable String article) {
        return database.sql("select cents from price where article = ?").param(article).query(Integer.class).single();
    }
}
