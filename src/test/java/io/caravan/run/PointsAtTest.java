package io.caravan.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret counts by what it leads to, never by its value. */
class PointsAtTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "mongodb://u:p@h1:1,h2:2/db?authSource=admin&replicaSet=rs&connectTimeoutMS=5 mongodb://h1:1,h2:2/db?replicaSet=rs",
                "mongodb+srv://u:p%40ss@h/db mongodb+srv://h/db",
                "mongodb://u:p@ss@h/db mongodb://h/db",
                "jdbc:postgresql://h:5432/shop?user=u&password=p&currentSchema=s&sslmode=require&connectTimeout=9"
                        + " jdbc:postgresql://h:5432/shop?currentSchema=s",
                "jdbc:sqlserver://h:1433;databaseName=d;user=u;password=p;encrypt=true jdbc:sqlserver://h:1433?databaseName=d&encrypt=true",
                "jdbc:oracle:thin:scott/tiger@//h:1521/service jdbc:oracle:thin:@//h:1521/service",
                "bolt://neo4j:secret@h:7687 bolt://h:7687",
                "https://u:p@h/v1/orders?status=open&api_key=k&user=5 https://h/v1/orders?status=open&user=5",
                "https://a.blob.core.windows.net/c?sv=2024&se=2026-01-01&sig=abc https://a.blob.core.windows.net/c",
                "s3://bucket s3://bucket",
                "laptop laptop",
                "/data/in/a@b?c=d;token=e /data/in/a@b?c=d;token=e",
            })
    void aUriWithoutWhoAsksAndHow(String value, String place) {
        assertThat(PointsAt.of(value)).isEqualTo(place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "AccountName=a;AccountKey=k==;EndpointSuffix=s accountname=a;endpointsuffix=s",
                "AccountKey=other==;EndpointSuffix=s;AccountName=a accountname=a;endpointsuffix=s",
                "BlobEndpoint=https://a/c?sig=1;SharedAccessSignature=sv=1&sig=2 blobendpoint=https://a/c",
                "Server=h;Database=d;Uid=u;Pwd=p database=d;server=h",
                "https://u:p@h/x https://h/x",
            })
    void aConnectionStringWithoutKeys(String value, String place) {
        assertThat(PointsAt.ofConnection(value)).isEqualTo(place);
    }
}
