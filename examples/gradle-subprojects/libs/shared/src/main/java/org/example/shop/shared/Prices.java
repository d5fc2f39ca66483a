package org.example.shop.shared;

import redis.clients.jedis.JedisPooled;

public final class Prices {
    private final JedisPooled redis;

    public Prices(String url) {
        this.redis = new JedisPooled(url);
    }

    public String of(String article) {
        String cents = redis.get(key(article));
        return cents == null ? "" : cents;
    }

    static String key(String article) {
        return "price:" + article;
    }
}
