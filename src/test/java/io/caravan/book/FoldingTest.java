package io.caravan.book;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldingTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "C Primer      | C++ Primer    | false",
                "C Primer      | C# Primer     | false",
                "C++ Primer    | C# Primer     | false",
                "C# in Depth   | C♯ in Depth   | true",
                "C＋＋         | c++           | true",
                "A             | A+            | false",
                "A* Search     | A Search      | false",
                "M*A*S*H       | M A S H       | true",
                "Q&A           | Q and A       | true",
                "C             | Q&A           | false",
                "Issue #3      | Issue 3       | true",
                "$20 a Day     | 20 a Day      | false",
                "The 1%        | The 1         | false",
                "Eat, Pray!    | eat pray      | true",
            })
    void titlesDifferByASignThatSaysSomething(String a, String b, boolean same) {
        assertThat(Folding.title(a).equals(Folding.title(b))).isEqualTo(same);
    }

    @Property
    void whatIsEqualWithItsSignsIsEqualWithout(@ForAll String text) {
        String title = Folding.title(text);
        assertThat(Folding.title(title)).isEqualTo(title);
        assertThat(Folding.fold(title)).isEqualTo(Folding.fold(Folding.fold(text)));
    }
}
