package io.caravan.table;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Texts of keys that something takes for one another, and random ones: each is another key. */
public final class KeyTexts {

    private static final List<String> ALIKE = List.of(
            "7",
            "007",
            "+7",
            " 7",
            "7 ",
            "7.0",
            "7.00",
            "7e0",
            "70e-1",
            "-0",
            "0",
            "00",
            "٧",
            "0x7",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "1e400",
            "0.1",
            "0.10",
            "1_000",
            "1,000",
            "1000",
            "true",
            "True",
            "t",
            "TRUE",
            "2024-05-06",
            "2024-5-6",
            "2024-05-06 ",
            "+2024-05-06",
            "02024-05-06",
            "2024-05-06T00:00",
            "20240506",
            "2024-02-29",
            "2024-02-30",
            "a",
            "A",
            "ä",
            "a\u0308",
            "ａ",
            "ß",
            "ss",
            "i",
            "İ",
            "ı",
            "a ",
            " a",
            "a|b",
            "a\\|b",
            "a\\",
            "a/b",
            "a%2Fb",
            ".",
            "..",
            "a\tb",
            "a\nb",
            "\\N",
            "'",
            "\"",
            "$a",
            "{a}",
            "🙂",
            "\uFEFFa",
            "a\u200b",
            "123e4567-e89b-12d3-a456-426614174000",
            "123E4567-E89B-12D3-A456-426614174000",
            "65f0a1b2c3d4e5f60718293a",
            "65F0A1B2C3D4E5F60718293A",
            "\\x41",
            "null",
            "NaN",
            "nan",
            "Infinity",
            "inf");

    private static final String ALPHABET = "0179+-. eETZ:aAäÄ";

    private KeyTexts() {}

    /** Different ones, the same at each call. */
    public static List<String> all() {
        Set<String> all = new LinkedHashSet<>(ALIKE);
        Random random = new Random(24);
        while (all.size() < 400) {
            StringBuilder text = new StringBuilder();
            int length = 1 + random.nextInt(6);
            for (int i = 0; i < length; i++) text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            if (!text.toString().isBlank()) all.add(text.toString());
        }
        return new ArrayList<>(all);
    }
}
