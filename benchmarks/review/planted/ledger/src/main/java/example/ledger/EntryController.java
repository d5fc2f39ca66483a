package example.ledger;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/entries")
public class EntryController {
    private final JdbcClient database;
    private final Counter debits;
    private final Counter credits;
    private final String currency;
    private final Path archive;

    public EntryController(
            JdbcClient database,
            MeterRegistry registry,
            @Value("${ledger.currency}") String currency,
            @Value("${ledger.archive-dir}") Path archive) {
        this.database = database;
        this.debits = Counter.builder("ledger.entries").tag("kind", "debit").register(registry);
        this.credits = Counter.builder("ledger.entries").tag("kind", "credit").register(registry);
        this.currency = currency;
        this.archive = archive;
    }

    public record Entry(String account, long cents) {}

    @GetMapping
    public List<Entry> list() {
        return database.sql("SELECT account, cents FROM entries ORDER BY id DESC LIMIT 100").query(Entry.class).list();
    }

    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    public void add(@RequestBody Entry entry) {
        database.sql("INSERT INTO entries (account, cents, currency) VALUES (?, ?, ?)")
                .params(entry.account(), entry.cents(), currency)
                .update();
        (entry.cents() < 0 ? debits : credits).increment();
    }

    @PostMapping("/archive")
    public void archive() {
        try {
            Files.createDirectories(archive);
            Files.writeString(archive.resolve("entries-" + System.currentTimeMillis() + ".txt"), list().toString());
        } catch (IOException error) {
            throw new UncheckedIOException(error);
        }
    }
}
