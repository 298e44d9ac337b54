package io.caravan.quality;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good the rows of an object or table are.
 *
 * @param rows how many were read
 * @param badRows how many others are no records
 * @param score of 100 points: every failure counts, see docs/lake.md
 * @param scoreCompatible the same as the reference has it, with its quirks
 * @param deductions what each dimension cost of {@code score}
 * @param deductionsCompatible of {@code scoreCompatible}
 * @param metrics of the reference's checks, by dimension
 * @param failedRules what failed, with counts and samples
 * @param failure a sentence that names the dimensions of the reference that failed; blank for none
 * @param profile in the reference's keys; empty when nothing could be read
 * @param columns what the profile has no key for, a map a column
 * @param estimates which figures are no exact ones, a sentence each
 */
public record Quality(
        long rows,
        long badRows,
        int score,
        int scoreCompatible,
        Map<String, Double> deductions,
        Map<String, Double> deductionsCompatible,
        Map<String, Object> metrics,
        List<Map<String, Object>> failedRules,
        String failure,
        Map<String, Object> profile,
        List<Map<String, Object>> columns,
        List<String> estimates) {

    /** What is shown of a value that says something of a person. */
    static final String MASKED = "*****";

    private static final int LONGEST = 200;

    /** What the reference takes for good. */
    public static final int PASS_MARK = 80;

    /** Whether the reference takes it for good; of a file that cannot be read it does not. */
    public boolean passed() {
        return scoreCompatible >= PASS_MARK;
    }

    /** What breaks most rows, a sentence each that shows no value, the worst first. */
    public List<String> worst(int most) {
        return failedRules.stream()
                .sorted(Comparator.comparingLong(rule -> -broken(rule)))
                .limit(most)
                .map(this::sentence)
                .toList();
    }

    /** A column that is missing is missing in every row. */
    private static long broken(Map<String, Object> rule) {
        return rule.get("count") instanceof Long count ? count : Long.MAX_VALUE;
    }

    private String sentence(Map<String, Object> rule) {
        boolean unreadable = FailedRules.FORMAT.equals(rule.get("check")); // its message can quote a row
        String said = unreadable
                ? badRows + " of " + (rows + badRows) + " rows are no records"
                : rule.get("message").toString();
        return Values.cut(said.replaceAll("\\p{Cntrl}", "?"), LONGEST);
    }

    /** As JSON has it. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("score", score);
        json.put("score_compatible", scoreCompatible);
        json.put("passed", passed());
        json.put("rows", rows);
        json.put("bad_rows", badRows);
        json.put("deductions", deductions);
        json.put("deductions_compatible", deductionsCompatible);
        json.put("metrics", metrics);
        json.put("failed_validation_message", failure);
        json.put("failed_validation_rules", failedRules);
        json.put("profile", profile);
        json.put("columns", columns);
        json.put("estimates", estimates);
        return json;
    }
}
