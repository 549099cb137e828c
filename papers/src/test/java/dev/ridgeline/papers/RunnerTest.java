package dev.ridgeline.papers;

import static dev.ridgeline.papers.TinyPack.START;
import static dev.ridgeline.papers.TinyPack.claim;
import static dev.ridgeline.papers.TinyPack.two;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.papers.run.ClaimResult;
import dev.ridgeline.papers.run.Comparison;
import dev.ridgeline.papers.run.ErrorSummary;
import dev.ridgeline.papers.run.Verdict;
import dev.ridgeline.units.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunnerTest {
  private static final String CLAIMS = START + "claims:\n";
  private static final String TABLE = START + "tables: {t: [{x: 1}, {x: 10}, {x: 100}]}\nclaims:\n";
  private static final String TABLE_EXPERIMENT =
      "experiment: {rows: {file: a/b.csv, key: [name]}, ours: published * factor}";

  private static ClaimResult only(String text) {
    return TinyPack.run(text).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "2, REPRODUCED",
    "2.2, REPRODUCED",
    "1.8, REPRODUCED",
    "2.21, MISSED",
    "1.79, MISSED"
  })
  void decidesByTheTolerance(String ours, Verdict verdict) {
    ClaimResult result = only(CLAIMS + two("experiment: {ours: %s, miss: rain}".formatted(ours)));
    assertThat(result.verdict()).isEqualTo(verdict);
    assertThat(result.comparisons().getFirst().ratio())
        .isEqualTo(Double.parseDouble(ours) / 2, within(1e-12));
    assertThat(result.reason()).isEqualTo(verdict == Verdict.MISSED ? "rain" : "");
  }

  @ParameterizedTest
  @CsvSource({"max, 100", "arithmetic-mean, 37", "geometric-mean, 10"})
  void aggregatesRows(String aggregate, double published) {
    String experiment = "experiment: {rows: {tables: [t], key: [x]}, ours: x}";
    String form = "{value: %s, unit: ratio}".formatted(published);
    ClaimResult result = only(TABLE + claim("one", form, "simulated", aggregate, experiment));
    assertThat(result.verdict()).isEqualTo(Verdict.REPRODUCED);
    assertThat(result.comparisons().getFirst().ours()).isEqualTo(published, within(1e-9));
  }

  @Test
  void holdsARangeAtBothEnds() {
    String experiment = "experiment: {rows: {tables: [t], key: [x]}, ours: x}";
    String good = "{low: 1, high: 100, unit: ratio}";
    String bad = "{low: 1, high: 50, unit: ratio}";
    assertThat(only(TABLE + claim("one", good, "exact", "range", experiment)).verdict())
        .isEqualTo(Verdict.REPRODUCED);
    ClaimResult missed = only(TABLE + claim("one", bad, "exact", "range", experiment));
    assertThat(missed.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(missed.worst()).contains(new Comparison("high", 50, 100));
    String several = "experiment: {ours: [3, 1, 100]}";
    assertThat(only(TABLE + claim("one", good, "exact", "range", several)).verdict())
        .isEqualTo(Verdict.REPRODUCED);
  }

  @Test
  void decidesFindingsByEveryCondition() {
    String good = "accept: order\nexperiment: {holds: [1 < 2, 1 s > 1 ms]}";
    String bad = "accept: order\nexperiment: {holds: [1 < 2, 1 s < 1 ms]}";
    String form = "{finding: it grows}";
    assertThat(only(CLAIMS + claim("one", form, "consequence", "single", good)).verdict())
        .isEqualTo(Verdict.REPRODUCED);
    ClaimResult missed = only(CLAIMS + claim("one", form, "consequence", "single", bad));
    assertThat(missed.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(missed.conditions())
        .extracting(ClaimResult.Condition::holds)
        .containsExactly(true, false);
  }

  @Test
  void neverCountsWhatIsQuotedOrNotRun() {
    String quoted = claim("one", "{value: 1, unit: ratio}", "quoted", "single", "");
    assertThat(only(CLAIMS + quoted).verdict()).isEqualTo(Verdict.QUOTED);
    ClaimResult idle = only(CLAIMS + two(""));
    assertThat(idle.verdict()).isEqualTo(Verdict.NOT_RUN);
    assertThat(idle.reason()).isEqualTo("no experiment yet");
    assertThat(only(CLAIMS + two("awaits: rain")).reason()).isEqualTo("rain");
  }

  @Test
  void comparesTheRowsOfATable(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(
        folder.resolve("a/b.csv"), "name,published,factor\n\"p, q\",10,1\nr,20,1.05\ns,5,0.8\n");
    String form = "{file: a/b.csv, columns: [published], rows: 3, unit: ms}";
    String text = CLAIMS + claim("one", form, "exact", "single", TABLE_EXPERIMENT);
    assertThatThrownBy(() -> TinyPack.run(text, folder))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("1 cannot be stated in s");
    String timed = text.replace("published * factor", "published * factor * 1 ms");
    ClaimResult result = TinyPack.run(timed, folder).getFirst();
    assertThat(result.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(result.comparisons())
        .extracting(Comparison::label)
        .containsExactly("p, q", "r", "s");
    assertThat(result.worst().orElseThrow().label()).isEqualTo("s");
    assertThatThrownBy(() -> TinyPack.run(timed.replace("rows: 3", "rows: 2"), folder))
        .hasMessageContaining("2 rows are claimed, 3 found");
    assertThat(TinyPack.run(timed).getFirst().verdict()).isEqualTo(Verdict.NOT_RUN);
    assertThat(TinyPack.run(timed).getFirst().reason()).contains("RIDGELINE_REFERENCE");
    assertThatThrownBy(() -> TinyPack.run(timed.replace("a/b.csv", "a/../b.csv"), folder))
        .hasMessageContaining("not a file of the reference folder");
  }

  @Test
  void judgesMeasurementsTogetherAndByGroup(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("a"));
    Files.writeString(
        folder.resolve("a/b.csv"),
        "name,of,published,factor\np,x,10,2\nq,x,10,0.5\nr,y,20,1\ns,y,20,1\nt,z,9,9\n");
    String form = "{file: a/b.csv, columns: [published], rows: 4, unit: ratio}";
    String experiment =
        "experiment: {rows: {file: a/b.csv, where: {of: [x, y]}, key: [name], by: of},"
            + " ours: published * factor}";
    String text = CLAIMS + claim("one", form, "exact", "geometric-error", experiment);
    ClaimResult missed = TinyPack.run(text, folder).getFirst();
    // Two of four are off by a factor of two, in opposite directions: exp(ln 2 / 2) - 1.
    ErrorSummary all = ErrorSummary.of(missed.comparisons());
    assertThat(all.geometric()).isEqualTo(Math.sqrt(2) - 1, within(1e-12));
    assertThat(all.bias()).isEqualTo(0, within(1e-12));
    assertThat(missed.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(ErrorSummary.byGroup(missed.comparisons()))
        .containsOnlyKeys("x", "y")
        .containsEntry("y", new ErrorSummary(2, 0, 0));
    String wider = text.replace("relative: 0.1", "relative: 0.42");
    assertThat(TinyPack.run(wider, folder).getFirst().verdict()).isEqualTo(Verdict.REPRODUCED);
    assertThatThrownBy(() -> TinyPack.run(text.replace("where: {of", "where: {off"), folder))
        .hasMessageContaining("the rows have no such column");
    String single = claim("one", "{value: 1, unit: ratio}", "exact", "geometric-error", "");
    assertThatThrownBy(() -> TinyPack.run(CLAIMS + single))
        .hasMessageContaining("only the rows of a table have an error together");
  }

  @Test
  void asksTheEstimator() {
    // Published parameter count of Llama 2 7B: 6,738,415,616.
    String experiment =
        """
        experiment:
          scenarios:
            one: {workload: {model: llama-2-7b, input_tokens: 128, output_tokens: 2}, platform: h100-sxm, deployment: {tp: 1}}
            two: {like: one, workload: {model: "${model}"}, deployment: {weights: int8}}
          rows: {tables: [t], key: [model]}
          ours: [one.parameters / 6738415616, one.tpot_s / two.tpot_s]
        """;
    String text = START + "tables: {t: [{model: llama-2-7b}]}\nclaims:\n";
    String form = "{low: 1, high: 1.95, unit: ratio}";
    ClaimResult result = only(text + claim("one", form, "exact", "range", experiment));
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.REPRODUCED);
    assertThat(result.comparisons().getFirst().ours()).isEqualTo(1, within(1e-12));
  }

  @Test
  void missesWhereTheQuestionHasNoAnswer() {
    String experiment =
        """
        experiment:
          scenarios: {a: {workload: {model: llama-3.1-405b, input_tokens: 1, output_tokens: 2}, platform: t4}}
          ours: a.tpot_s / (1 s)
        """;
    ClaimResult result = only(CLAIMS + two(experiment));
    assertThat(result.verdict()).isEqualTo(Verdict.MISSED);
    assertThat(result.reason()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          let: {a: b, b: a}, ours: a                            | is defined by itself: a -> b -> a
          let: {first: 1}, ours: frist                          | maybe you meant "first"
          ours: 1 s                                             | s cannot be stated in 1
          scenarios: {s: {platform: t4}}, ours: s.parameters    | needs a workload.model
          scenarios: {s: {workload: {}}}, ours: s.platform.chips | needs a platform
          scenarios: {s: {workload: {model: llama-2-7b}}}, ours: s.parameter | no figure is called
          scenarios: {s: {platform: "${s.platform.chips}"}}, ours: s.platform.chips | defined by itself
          """)
  void saysWhereAnExperimentMakesNoSense(String fields, String reason) {
    String text = CLAIMS + two("experiment: {%s}".formatted(fields));
    assertThatThrownBy(() -> TinyPack.run(text))
        .isInstanceOf(InputException.class)
        .hasMessageContainingAll("tiny.yaml:15", reason);
  }

  @Test
  void givesFurtherFiguresThatDecideNothing() {
    String experiment = "experiment: {ours: 2, beside: [{what: doubled, ours: 4}]}";
    ClaimResult result = only(CLAIMS + two(experiment));
    assertThat(result.verdict()).isEqualTo(Verdict.REPRODUCED);
    assertThat(result.asides().getFirst().comparisons().getFirst().ratio()).isEqualTo(2);
  }
}
