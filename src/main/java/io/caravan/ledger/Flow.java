package io.caravan.ledger;

/** A pipeline as the ledger numbers it. */
public record Flow(short id, String name) {}
