package io.caravan.book;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The languages that have an ISO 639-1 code, by all the codes and the English name sources give them. */
public final class Language {

    private static final Pattern CODE = Pattern.compile("(?:/languages/)?([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]{2,30})?");

    /** What the JDK does not know: ISO 639-2/B, members of macrolanguages (639-3), withdrawn codes, other names. */
    private static final String OTHERS = """
            alb=sq arm=hy baq=eu bur=my chi=zh cze=cs dut=nl fre=fr geo=ka ger=de gre=el ice=is mac=mk mao=mi may=ms
            per=fa rum=ro slo=sk tib=bo wel=cy scr=hr scc=sr mol=ro
            cmn=zh yue=zh arb=ar arz=ar pes=fa prs=fa ekk=et lvs=lv zsm=ms swh=sw uzn=uz khk=mn npi=ne ory=or als=sq
            azj=az plt=mg ydd=yi gug=gn quz=qu
            mandarin=zh cantonese=zh castilian=es flemish=nl farsi=fa modern_greek=el brazilian_portuguese=pt
            burmese=my punjabi=pa panjabi=pa norwegian_bokmal=nb kirghiz=ky sinhalese=si
            """;

    private static final Map<String, String> CODES = codes();

    private Language() {}

    /**
     * The ISO 639-1 code of {@code en}, {@code eng}, {@code fre} or {@code fra}, {@code /languages/eng}, {@code en-US},
     * {@code English}; empty for a language without one, for several and for anything else.
     */
    public static Optional<String> of(String text) {
        String line = CleanText.line(text, CleanLengths.NAME);
        Optional<String> named = Optional.ofNullable(CODES.get(Folding.fold(line)));
        Matcher code = CODE.matcher(line);
        if (named.isPresent() || !code.matches()) return named;
        return Optional.ofNullable(CODES.get(code.group(1).toLowerCase(Locale.ROOT)));
    }

    private static Map<String, String> codes() {
        Map<String, String> codes = new HashMap<>();
        for (String code : Locale.getISOLanguages()) {
            Locale locale = Locale.forLanguageTag(code);
            String current = locale.getLanguage(); // of iw: he
            codes.put(code, current);
            codes.put(locale.getISO3Language(), current);
            codes.put(Folding.fold(locale.getDisplayLanguage(Locale.ENGLISH)), current);
        }
        for (String other : OTHERS.split("\\s+")) {
            String[] pair = other.split("=");
            codes.put(pair[0].replace('_', ' '), pair[1]);
        }
        return Map.copyOf(codes);
    }
}
