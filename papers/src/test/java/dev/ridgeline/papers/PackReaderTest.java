package dev.ridgeline.papers;

import static dev.ridgeline.papers.TinyPack.START;
import static dev.ridgeline.papers.TinyPack.claim;
import static dev.ridgeline.papers.TinyPack.two;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.papers.pack.Claim;
import dev.ridgeline.papers.pack.Kind;
import dev.ridgeline.papers.pack.Published;
import dev.ridgeline.units.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PackReaderTest {
  private static final String CLAIMS = START + "claims:\n";

  private static Claim only(String text) {
    return TinyPack.read(text).claims().getFirst();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void knowsEveryKind(Kind kind) {
    String text = CLAIMS + claim("one", "{value: 1, unit: ratio}", kind.key(), "single", "");
    assertThat(only(text).kind()).isEqualTo(kind);
  }

  @Test
  void readsEveryFormOfFigure() {
    assertThat(published("{value: 5, unit: ms}", "single"))
        .isInstanceOfSatisfying(
            Published.Single.class,
            single -> assertThat(single.unit().worth().value()).isEqualTo(0.001));
    assertThat(published("{low: 1, high: 3, unit: ratio}", "range"))
        .isInstanceOf(Published.Range.class);
    assertThat(published("{file: a/b.csv, columns: [x], rows: 2, unit: MiB}", "single"))
        .isInstanceOf(Published.Table.class);
    String finding = claim("one", "{finding: it rains}", "exact", "single", "accept: rain");
    assertThat(only(CLAIMS + finding).published()).isEqualTo(new Published.Finding("it rains"));
  }

  private static Published published(String form, String aggregate) {
    return only(CLAIMS + claim("one", form, "exact", aggregate, "")).published();
  }

  @Test
  void saysWhereAClaimIsWrong() {
    refuses(
        CLAIMS + claim("one", "{value: 1, unit: ratio}", "exat", "single", ""),
        "tiny.yaml:11",
        "claims[0].kind",
        "Maybe you meant \"exact\"?");
    refuses(
        CLAIMS + claim("one", "{value: 1, unit: ratio}", "exact", "mean", ""),
        "tiny.yaml:9",
        "arithmetic-mean");
    refuses(CLAIMS + two("").replace("    where: table 1\n", ""), "claims[0].where", "missing");
    refuses(CLAIMS + two("colour: red"), "tiny.yaml:15", "unknown field");
    refuses(CLAIMS + two("").replace("source: paper", "source: pape"), "tiny.yaml:14", "\"paper\"");
    refuses(CLAIMS + two("").replace("unit: ratio", "unit: parsec"), "unknown unit");
    refuses(CLAIMS + two("").replace("inputs: {}", "inputs: {setup: s}"), "no such entry");
    refuses(CLAIMS + two("") + two(""), "two claims are called \"two\"");
    refuses(CLAIMS.replace("claims:", "claims: []"), "needs a claim");
  }

  @Test
  void refusesContradictions() {
    refuses(CLAIMS + claim("one", "{value: 1, unit: ratio}", "exact", "range", ""), "low and high");
    refuses(CLAIMS + claim("one", "{finding: it rains}", "exact", "single", ""), "what must hold");
    refuses(CLAIMS + two("accept: rain"), "what must hold");
    refuses(
        CLAIMS
            + claim("one", "{value: 1, unit: ratio}", "quoted", "single", "experiment: {ours: 1}"),
        "a quoted claim is not computed");
    refuses(CLAIMS + two("experiment: {ours: [1, 2]}"), "a single figure has one of ours");
    refuses(CLAIMS + two("experiment: {holds: [1 < 2]}"), "a figure by ours");
    refuses(
        CLAIMS + two("experiment: {ours: 1, beside: [{what: more, ours: [1, 2]}]}"),
        "as many figures");
    refuses(CLAIMS + two("experiment: {ours: 1}\nawaits: rain"), "awaits nothing");
    refuses(CLAIMS + two("experiment: {ours: 1, rows: {key: [a]}}"), "from a file or from tables");
    refuses(
        CLAIMS
            + claim(
                "one",
                "{file: a.csv, columns: [x, y], rows: 2, unit: MiB}",
                "exact",
                "single",
                "experiment: {rows: {file: a.csv, key: [x]}, ours: 1}"),
        "one of ours for each column");
  }

  @Test
  void refusesNamesTakenTwiceAndBadExpressions() {
    refuses(
        START + "let: {a: 1}\nclaims:\n" + two("experiment: {let: {a: 2}, ours: a}"),
        "tiny.yaml:16",
        "taken already");
    refuses(CLAIMS + two("experiment: {scenarios: {a: {like: b}}, ours: 1}"), "before this");
    refuses(CLAIMS + two("experiment: {ours: 1 +}"), "tiny.yaml:15", "ends where");
    refuses(CLAIMS + two("experiment: {let: {A-b: 1}, ours: 1}"), "underscores");
    refuses(CLAIMS + two("experiment: {quantities: {q: {value: 1 s}}, ours: 1}"), "q.source");
    refuses(
        START + "tables: {t: [{a: 1}, {b: 1}]}\nclaims:\n" + two("experiment: {ours: 1}"),
        "the same columns");
  }

  private static void refuses(String text, String... parts) {
    assertThatThrownBy(() -> TinyPack.read(text))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll(parts);
  }
}
