package org.example.bookings;

import io.micronaut.serde.annotation.Serdeable;
import java.time.LocalDate;

@Serdeable
public record Booking(String id, String room, LocalDate night) {
}
