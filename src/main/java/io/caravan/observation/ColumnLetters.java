package io.caravan.observation;

/** Columns as a sheet names them: A is the first, AA the twenty-seventh. */
final class ColumnLetters {

    /** The last that a workbook can have, XFD. */
    static final int LAST = 16_383;

    private ColumnLetters() {}

    /** Its number from 0; -1 when these letters, in any case, name no column. */
    static int index(String letters) {
        int number = 0;
        if (letters.isEmpty() || letters.length() > 3) return -1;
        for (int i = 0; i < letters.length(); i++) {
            int letter = Character.toUpperCase(letters.charAt(i)) - 'A';
            if (letter < 0 || letter > 25) return -1;
            number = 26 * number + letter + 1;
        }
        return number - 1 <= LAST ? number - 1 : -1;
    }

    static String of(int index) {
        StringBuilder letters = new StringBuilder();
        for (int n = index + 1; n > 0; n = (n - 1) / 26) letters.insert(0, (char) ('A' + (n - 1) % 26));
        return letters.toString();
    }
}
