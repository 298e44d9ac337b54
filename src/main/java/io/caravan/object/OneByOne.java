package io.caravan.object;

import io.caravan.object.ObjectStore.Content;

/** Of a store whose every write outlasts it at once. */
record OneByOne(ObjectStore store) implements Together {

    @Override
    public void create(String name, Content content, Runnable taken) {
        if (store.create(name, content).isEmpty()) taken.run();
    }

    @Override
    public void put(String name, Content content) {
        store.put(name, content);
    }

    @Override
    public void finish() {
        // each was there when its call returned
    }

    @Override
    public void close() {
        // holds nothing
    }
}
