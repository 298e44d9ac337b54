package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.bson.Document;
import org.junit.jupiter.api.Test;

class TestStoresTest {

    @Test
    void givesEveryCallerAnEmptyDatabase() throws SQLException {
        createTable(TestStores.freshDatabase());
        createTable(TestStores.freshDatabase());
    }

    @Test
    void givesAMongoThatAnswers() {
        try (MongoClient client = MongoClients.create(TestStores.mongo().uri())) {
            client.getDatabase("t").getCollection("c").insertOne(new Document("_id", 1));

            assertThat(client.getDatabase("t").getCollection("c").find()).containsExactly(new Document("_id", 1));
        }
    }

    private static void createTable(Endpoint endpoint) throws SQLException {
        try (Connection connection = TestStores.dataSource(endpoint).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id int)");
            try (ResultSet rows = statement.executeQuery("SELECT count(*), current_setting('fsync') FROM t")) {
                rows.next();
                assertThat(rows.getString(2)).isEqualTo("off");
            }
        }
    }
}
