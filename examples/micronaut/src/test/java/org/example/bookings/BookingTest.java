package org.example.bookings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class BookingTest {
    @Test
    void aBookingIsOfOneNight() {
        assertEquals(LocalDate.of(2026, 5, 1), new Booking("1", "blue", LocalDate.of(2026, 5, 1)).night());
    }
}
