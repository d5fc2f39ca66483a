package org.example.shop.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PricesTest {
    @Test
    void aKeyNamesTheArticle() {
        assertEquals("price:tea", Prices.key("tea"));
    }
}
