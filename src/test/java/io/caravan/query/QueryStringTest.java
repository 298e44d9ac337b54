package io.caravan.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryStringTest {

    @Test
    void decodesPercentEncodedUtf8AndPlus() {
        QueryString query = new QueryString("user_id=J%C3%BCrgen+%2B+%F0%9F%90%AB%26%3D&empty=&flag&&a=b=c");
        assertThat(query.one("user_id")).hasValue("Jürgen + 🐫&=");
        assertThat(query.one("empty")).hasValue("");
        assertThat(query.one("flag")).hasValue("");
        assertThat(query.one("a")).hasValue("b=c");
        assertThat(query.one("USER_ID")).isEmpty();
    }

    @Test
    void noQueryIsNoParameter() {
        assertThat(new QueryString(null).one("user_id")).isEmpty();
        assertThat(new QueryString("").one("user_id")).isEmpty();
    }

    @Test
    void aParameterIsGivenOnce() {
        assertThatThrownBy(() -> new QueryString("a=1&b=2&a=1").one("a"))
                .hasMessage("query: a must be given once, got '2 times'");
        assertThatThrownBy(() -> new QueryString("a=1&%61=1").one("a"))
                .hasMessage("query: a must be given once, got '2 times'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a=%", "a=%4", "a=%zz", "a=%C3", "a=%ED%A0%80", "a=%FF", "%C3=a", "a=ü", "a=%C0%80", "a= "})
    void whatIsNotPercentEncodedUtf8IsRefused(String raw) {
        assertThatThrownBy(() -> new QueryString(raw))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageStartingWith("query: every parameter must be percent-encoded UTF-8, got '");
    }

    @Test
    void aLongValueIsShownByItsBeginning() {
        assertThat(QueryString.bad("a", "be short", "🐫".repeat(51)))
                .hasMessage("query: a must be short, got '" + "🐫".repeat(50) + "...'");
        assertThat(QueryString.bad("a", "be short", "🐫".repeat(50)))
                .hasMessage("query: a must be short, got '" + "🐫".repeat(50) + "'");
    }
}
