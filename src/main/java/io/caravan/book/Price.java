package io.caravan.book;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;

/**
 * A price: 0 to a thousand million of an ISO 4217 currency, with as many decimals as the currency has.
 *
 * <p>Throws {@link IllegalArgumentException} for anything else; {@link #of} says empty instead.
 */
public record Price(BigDecimal amount, String currency) {

    private static final BigDecimal MOST = BigDecimal.valueOf(1_000_000_000L);
    private static final int MOST_DECIMALS = 20;

    public Price {
        int decimals = Currency.getInstance(currency).getDefaultFractionDigits();
        boolean money = decimals >= 0 && amount.scale() <= MOST_DECIMALS;
        if (!money || amount.signum() < 0 || amount.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("book: price must be 0 to 1000000000 of a currency");
        }
        amount = amount.setScale(decimals, RoundingMode.HALF_EVEN);
    }

    /** Empty when it is no price or the currency does not exist. */
    public static Optional<Price> of(BigDecimal amount, String currency) {
        try {
            return Optional.of(new Price(amount, currency.strip().toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency;
    }
}
