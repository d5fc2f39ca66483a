package org.example.orders

import org.junit.jupiter.api.Assertions.assertDoesNotThrow
import org.junit.jupiter.api.Test

class PaymentListenerTest {
    @Test
    fun `a payment is noted`() {
        assertDoesNotThrow { PaymentListener().paid("2026-0001") }
    }
}
