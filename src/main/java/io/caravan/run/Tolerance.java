package io.caravan.run;

import io.caravan.error.SettingChecks;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many of the rows that were read may be refused by rules: a number, or a share of them in percent. */
public record Tolerance(double amount, boolean percent) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)\\s*(%?)");

    /**
     * Reads {@code 25} or {@code 0.5%}.
     *
     * <ul>
     *   <li>errors: {@link io.caravan.error.ConfigurationException} for any other text, a share above 100 % and part of a row
     * </ul>
     */
    static Tolerance parse(String text) {
        Matcher m = FORM.matcher(text.strip());
        boolean percent = m.matches() && !m.group(2).isEmpty();
        double amount = m.matches() ? Double.parseDouble(m.group(1)) : -1;
        boolean sound = amount >= 0 && (percent ? amount <= 100 : amount == Math.rint(amount));
        new SettingChecks("source")
                .must(sound, "tolerate", "be a number of rows or a share of 0% to 100%, such as 0.5%", text)
                .check();
        return new Tolerance(amount, percent);
    }

    /** Whether so many refused rows, of so many that were read, are tolerated. */
    boolean covers(long refused, long read) {
        return refused <= (percent ? read * amount / 100 : amount);
    }

    /** As it was written. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(amount).stripTrailingZeros().toPlainString() + (percent ? "%" : "");
    }
}
