package org.example.shop.gateway;

import static io.javalin.apibuilder.ApiBuilder.get;
import static io.javalin.apibuilder.ApiBuilder.path;

import io.javalin.Javalin;
import java.util.Objects;
import org.example.shop.shared.Prices;

public final class Gateway {
    private static final int FALLBACK = 7044;

    private Gateway() {
    }

    public static void main(String[] args) {
        Prices prices = new Prices(Objects.requireNonNull(System.getenv("PRICE_CACHE_URL")));
        Javalin.create(config -> config.router.apiBuilder(() -> {
            path("-", () -> {
                get("/ready", context -> context.result("yes"));
                get("/live", context -> context.result("yes"));
            });
            path("/prices", () -> get("/{article}", context -> context.result(prices.of(context.pathParam("article")))));
        })).start(port());
    }

    static int port() {
        String given = System.getenv("GATEWAY_PORT");
        // 8080 is taken by the pricing service on developers' machines
        return given == null ? FALLBACK : Integer.parseInt(given);
    }
}
