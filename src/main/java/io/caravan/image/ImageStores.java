package io.caravan.image;

import io.caravan.error.CaravanException;
import io.caravan.error.ConfigurationException;
import io.caravan.error.SettingChecks;
import io.caravan.error.UnavailableException;
import io.caravan.error.Words;
import io.caravan.object.Glob;
import io.caravan.object.ObjectAccess;
import io.caravan.object.ObjectStore;
import io.caravan.object.ObjectStores;
import io.caravan.object.StoredObject;
import io.caravan.source.SourceObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;

/**
 * The containers of images and inventory: buckets of one account ({@code azure:}, {@code s3:}, {@code gs:}), or folders of one bucket or
 * of this machine. An inventory is changed by who has read its newest revision only, whoever else writes.
 */
class ImageStores implements AutoCloseable {

    private static final Pattern ACCOUNT = Pattern.compile("(azure|s3|gs):");
    private static final String INVENTORY = "_caravan-images.jsonl";
    private static final int MOST_BYTES = 1 << 28;
    private static final int TRIES = 20;
    private static final Glob ALL = new Glob("*");

    private final String name;
    private final String inventory;
    private final Map<String, ObjectStore> stores = new LinkedHashMap<>();
    private final boolean folders;
    private final String place;

    /** {@code name}: of who asks, for messages. */
    ImageStores(String name, String output, ImageRules rules, ObjectAccess access) {
        this.name = name;
        this.inventory = rules.inventory();
        this.place = "images of " + output + " in " + inventory;
        this.folders = !ACCOUNT.matcher(output).matches();
        ObjectStore one = folders ? ObjectStores.of(name, "output", output, access) : null;
        for (String container : rules.containers()) stores.put(container, of(one, output, container, access));
        stores.put(inventory, of(one, output, inventory, access));
    }

    private ObjectStore of(ObjectStore one, String output, String container, ObjectAccess access) {
        return one != null ? one : ObjectStores.of(name, "output", output + "//" + container, access);
    }

    void in(CamelContext context) {
        stores.values().forEach(store -> CamelContextAware.trySetCamelContext(store, context));
    }

    /** By which a plan knows the inventory. */
    String inventoryPlace() {
        return place;
    }

    /** Makes what can be made, as folders can. */
    void make() {
        stores.values().forEach(ObjectStore::make);
    }

    Optional<String> check() {
        try {
            for (ObjectStore store : stores.values()) {
                store.checkMake();
                if (store.there()) store.check();
            }
            inventory();
            return Optional.empty();
        } catch (CaravanException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** Writes an image, and tells its tag. */
    String put(Place place, Downloads.Image image) {
        return tag(store(place.container()).put(name(place), image.type().contentType(), image.bytes()));
    }

    void delete(Place place) {
        store(place.container()).delete(name(place));
    }

    /** What is in a container, with its tags. */
    Map<Place, String> list(String container) {
        Map<Place, String> listed = new HashMap<>();
        ObjectStore store = store(container);
        if (!store.there()) return listed;
        String prefix = folders ? container + "/" : "";
        for (Iterator<SourceObject> all = store.list(prefix, ALL); all.hasNext(); ) {
            SourceObject object = all.next();
            listed.put(new Place(container, object.name().substring(prefix.length())), tag(object.etag()));
        }
        return listed;
    }

    /** The inventory as it is. */
    Inventory inventory() {
        return stored().map(this::read).orElseGet(Inventory::empty);
    }

    /** Changes the newest inventory; {@code change} may be asked more than once. Tells it as it is then. */
    Inventory change(Consumer<Inventory> change) {
        ObjectStore store = store(inventory);
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<StoredObject> before = stored();
            Inventory now = before.map(this::read).orElseGet(Inventory::empty);
            change.accept(now);
            Optional<String> written = before.isPresent()
                    ? store.replace(inventoryName(), before.get().etag(), now::writeTo)
                    : store.create(inventoryName(), now::writeTo);
            if (written.isPresent()) return now;
        }
        throw new UnavailableException(name + ": the inventory is written by others all the time", null);
    }

    private Optional<StoredObject> stored() {
        ObjectStore store = store(inventory);
        return store.there() ? store.read(inventoryName(), MOST_BYTES) : Optional.empty();
    }

    private Inventory read(StoredObject stored) {
        try {
            return Inventory.read(stored.bytes());
        } catch (IOException e) {
            throw new ConfigurationException(
                    SettingChecks.sentence(name, "the inventory in " + inventory, "be as it was written", Words.of(e))
                            + "; delete it, and the next run gets all images again");
        }
    }

    private String inventoryName() {
        return folders ? inventory + "/" + INVENTORY : INVENTORY;
    }

    private String name(Place place) {
        return folders ? place.path() : place.blob();
    }

    private ObjectStore store(String container) {
        return stores.get(container);
    }

    /** Azure and S3 write it with quotes here and without there. */
    private static String tag(String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    @Override
    public void close() {
        stores.values().forEach(ObjectStore::close);
    }
}
