package io.caravan.message;

import java.util.ArrayList;
import java.util.List;

/** What came so far in a run, until that is enough. Thread-safe. */
final class Gathering {

    private final Bounds bounds;
    private final List<Received> messages = new ArrayList<>();
    private long bytes;
    private boolean ended;

    Gathering(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Adds it, unless nothing more is taken. */
    synchronized boolean add(Received message) {
        if (ended) return false;
        messages.add(message);
        bytes += message.weight();
        notifyAll();
        return true;
    }

    synchronized boolean full() {
        return ended || messages.size() >= bounds.messages() || bytes >= bounds.bytes();
    }

    synchronized int size() {
        return messages.size();
    }

    /** From now on nothing more is taken. */
    synchronized List<Received> end() {
        ended = true;
        return List.copyOf(messages);
    }

    /** Waits until it is full, or nothing came for so long. */
    synchronized void await() throws InterruptedException {
        int before = -1;
        while (!full() && messages.size() > before) {
            before = messages.size();
            long until = System.nanoTime() + bounds.idle().toNanos();
            while (messages.size() == before && !full()) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) break;
                wait(left);
            }
        }
    }
}
