package org.example.bookings;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import io.micronaut.context.annotation.Value;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;

@Controller("/bookings")
public class BookingController {
    private final MongoClient client;
    private final String database;

    BookingController(MongoClient client, @Value("${BOOKINGS_DATABASE:bookings}") String database) {
        this.client = client;
        this.database = database;
    }

    @Get("/of/{room}")
    List<String> of(String room) {
        List<String> ids = new ArrayList<>();
        for (Document found : client.getDatabase(database).getCollection("booking").find(Filters.eq("room", room))) {
            ids.add(found.getString("_id"));
        }
        return ids;
    }
}
