package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.error.Mask;
import io.caravan.error.Words;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskTest {

    private final Mask mask = new Mask();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream masked = new MaskedOutput(bytes, mask::hide).stream();

    @BeforeEach
    void learn() {
        mask.add(List.of("pa$$ wörd", "pa$$ wörd, longer", ""));
    }

    @Test
    void takesSecretsOutOfATextTheLongestFirst() {
        assertThat(mask.hide("x pa$$ wörd, longer y pa$$ wörd")).isEqualTo("x ***** y *****");
    }

    @Test
    void knowsASecretAsAUriSpellsIt() {
        assertThat(mask.hide("mongodb://u:pa%24%24+w%C3%B6rd@host")).isEqualTo("mongodb://u:*****@host");
    }

    @Test
    void findsASecretThatIsPrintedInPieces() {
        masked.print("before pa$");
        masked.print("$ wörd after");
        masked.println();

        assertThat(printed()).isEqualTo("before ***** after" + System.lineSeparator());
    }

    @Test
    void keepsTheRestOfALineForItsEnd() {
        masked.print("one\ntwo pa$$");
        assertThat(printed()).isEqualTo("one\n");
        masked.print(" wörd");
        masked.flush();

        assertThat(printed()).isEqualTo("one\ntwo *****");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a/b+c \"d\" {{e}} ${f}#\u00f6\ud83d\ude00%41",
                "0123456789",
                "line one\n\tline two\nx",
                "two\r\nlines",
                "trailing line end\n"
            })
    void knowsASecretInEverySpelling(String secret) throws JsonProcessingException {
        mask.add(List.of(secret));
        String percent = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        List<String> spellings = new ArrayList<>(List.of(
                secret,
                percent,
                percent.replace("+", "%20"),
                percent.toLowerCase(Locale.ROOT).equals(percent) ? percent : lowerHex(percent),
                URLEncoder.encode(percent.replace("+", "%20"), StandardCharsets.UTF_8),
                secret.replace("%", "%25").replace("#", "%23"),
                new ObjectMapper().writeValueAsString(secret),
                Words.line(secret),
                Terminal.harmless(secret)));
        for (String user : List.of("", "u", "us", "use")) {
            byte[] pair = (user.isEmpty() ? secret : user + ":" + secret).getBytes(StandardCharsets.UTF_8);
            spellings.add(Base64.getEncoder().encodeToString(pair));
            spellings.add(Base64.getUrlEncoder().withoutPadding().encodeToString(pair));
            spellings.add(URLEncoder.encode(Base64.getEncoder().encodeToString(pair), StandardCharsets.UTF_8));
        }

        for (String spelling : spellings) {
            assertThat(mask.hide("got '" + spelling + "' from it"))
                    .as(spelling)
                    .matches("got '\"?[*]{5}\"?[\\\\nrt\\s?]*(?:%0A)?' from it");
        }
    }

    @Test
    void leavesTextsAloneThatOnlyBeginLikeASecret() {
        mask.add(List.of("secretive", "abc", "    "));

        String text = "a secret, %41, 100 % + \\u12, secretiv abc \\";
        assertThat(mask.hide(text)).isEqualTo(text);
        assertThat(mask.hide("secretivesecretive-")).isEqualTo("*****-");
    }

    @Test
    void knowsSecretsNobodyToldByWhatStandsAroundThem() {
        Map.of(
                        "open jdbc:postgresql://h/db?user=u&password=can now",
                                "open jdbc:postgresql://h/db?user=u&password=***** now",
                        "bolt://h:7687?password=c", "bolt://h:7687?password=*****",
                        "mongodb://u:ca/na@ry@h:27017/db?x=1", "mongodb://u:*****@h:27017/db?x=1",
                        "kamelet:http-source?authSecret=RAW(a b&c)&url=x", "kamelet:http-source?authSecret=*****&url=x",
                        "header Authorization: Basic dTpw, sent",
                                "header Authorization: *****, sent".replace("*****", "Basic *****"),
                        "{\"authorization\":[\"Bearer abc.def\"]}", "{\"authorization\":[\"Bearer *****\"]}",
                        "it wants Bearer eyJhbGciOi1 again", "it wants Bearer ***** again",
                        "http://h:8080/a@b and host:80 basic authentication",
                                "http://h:8080/a@b and host:80 basic authentication",
                        "mongodb://h:1,h:2/db?a=b@c", "mongodb://h:1,h:2/db?a=b@c",
                        "jdbc:x?password={{caravan.ledger.password}}", "jdbc:x?password={{caravan.ledger.password}}")
                .forEach((text, expected) -> assertThat(mask.sentence(text)).isEqualTo(expected));
    }

    private static String lowerHex(String percent) {
        return Pattern.compile("%..").matcher(percent).replaceAll(found -> found.group()
                .toLowerCase(Locale.ROOT));
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
