package io.caravan.object;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class GlobTest {

    @Property(tries = 300)
    void aPatternFitsWhatItsPiecesSay(@ForAll @From("names") String a, @ForAll @From("names") String b) {
        assertThat(new Glob(a + "*" + b).matches("x/" + a + b)).isTrue();
        assertThat(new Glob(a + "*" + b).matches("x/" + a + ".q" + b)).isTrue();
        assertThat(new Glob(a + "?" + b).matches(a + "q" + b)).isTrue();
        assertThat(new Glob(a + "?" + b).matches(a + b)).isFalse();
        assertThat(new Glob(a).matches(b)).isEqualTo(a.equals(b));
        assertThat(new Glob(a + "*").matches(a + "/" + "#")).isEqualTo(a.isEmpty());
    }

    @Example
    void aPatternWithASlashIsOfTheWholeNameAndOneStarOfOnePart() {
        Glob staff = new Glob("agency/*/files/st?ff/**");
        assertThat(staff.matches("agency/a-1/files/staff/2031-02-04/04/data.csv"))
                .isTrue();
        assertThat(staff.matches("agency/a-1/files/staff/x")).isTrue();
        assertThat(staff.matches("agency/a-1/files/staff")).isFalse();
        assertThat(staff.matches("agency/a/b/files/staff/x")).isFalse();
        assertThat(staff.matches("agency/a-1/files/st/ff/x")).isFalse();
        assertThat(staff.matches("in/agency/a-1/files/staff/x")).isFalse();
        assertThat(staff.matches("agency/a-1/requests/staff/x")).isFalse();
        assertThat(new Glob("a**b").matches("x/aqqb")).isTrue();
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("", "a", "A", ".csv", "[a]", "{a,b}", "\\E", "(", "$", "+", "e_1", "\n");
    }
}
