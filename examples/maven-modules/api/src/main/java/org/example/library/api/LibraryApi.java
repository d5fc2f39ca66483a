package org.example.library.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication(scanBasePackages = "org.example.library")
public class LibraryApi {
    public static void main(String[] args) {
        SpringApplication.run(LibraryApi.class, args);
    }
}
