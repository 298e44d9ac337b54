package io.caravan.document;

import io.caravan.Peers;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;

/** The same contract on FerretDB. */
class MongoSourceIT extends MongoSourceTest {

    @Override
    String uri() {
        return "mongodb://" + Peers.address("ferretdb");
    }

    @Test
    @Override
    @Disabled("FerretDB v1 has neither Decimal128 nor infinities")
    void decimalsInfinitiesAndIdentifiersKeepTheirValue() {
        super.decimalsInfinitiesAndIdentifiersKeepTheirValue();
    }

    @Test
    @Override
    @Disabled("FerretDB v1 has neither lists in lists nor names with a dot or a dollar")
    void listsInListsAndAnyNameKeepTheirShape() {
        super.listsInListsAndAnyNameKeepTheirShape();
    }
}
