package org.example.shop.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class GatewayTest {
    @Test
    void withoutAVariableItIsTheFallback() {
        assertEquals(7044, Gateway.port());
    }
}
