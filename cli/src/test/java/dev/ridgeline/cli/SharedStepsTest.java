package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Drafted tokens, chunks of prompts and the format of exchanges, as options and in files. */
class SharedStepsTest {
  private static final String[] USUAL = {
    "estimate", "llama-3.1-70b", "--on", "8xh100-sxm", "--input", "3000", "--output", "300"
  };

  @TempDir Path folder;

  private static Run run(String... more) {
    List<String> all = new ArrayList<>(List.of(USUAL));
    all.addAll(List.of(more));
    return Run.of(all.toArray(String[]::new));
  }

  private static String answered(String... more) {
    Run run = run(more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.out();
  }

  private static double number(String json, String key) {
    Matcher found = Pattern.compile("\"" + key + "\" : ([-+0-9.eE]+)").matcher(json);
    assertThat(found.find()).as("%s in %s", key, json).isTrue();
    return Double.parseDouble(found.group(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // Leviathan et al., equation 1, and its limits.
        "0.8                | 3.3616",
        "0                  | 1",
        "1                  | 5",
        // One for each position, and one for each rank of a tree: products of what is reached.
        "0.9,0.8,0.7,0.6    | 3.4264",
        "0.6/0.2,0.5/0.2,0.4/0.1,0.4/0 | 2.752",
      })
  void acceptanceIsANumberOrOneForEachPositionOrATable(String acceptance, double tokens) {
    String json = answered("--speculate", "4", "--acceptance", acceptance, "--json");
    assertThat(number(json, "tokens_per_round")).isCloseTo(tokens, within(1e-9));
  }

  @Test
  void theAnswerTellsWhatDraftingDoes() {
    String[] drafted = {"--speculate", "4", "--acceptance", "0.8", "--draft", "llama-3.2-1b"};
    String json = answered(with(drafted, "--json"));
    assertThat(json)
        .contains("\"draft_s\"", "\"verify_s\"", "\"draft_weights_bytes\"", "\"draft_kv_bytes\"");
    double plain = number(answered("--json"), "tpot_s");
    assertThat(number(json, "speedup")).isCloseTo(plain / number(json, "tpot_s"), within(1e-9));
    assertThat(answered(drafted)).contains("Speculation", "tokens of a round", "speed-up");
    assertThat(answered(with(drafted, "--csv"))).contains("speculation.speedup");
    assertThat(answered(with(drafted, "--sensitivity"))).contains("  acceptance ");
    Run compared =
        Run.of(
            "estimate",
            "llama-3.1-70b",
            "--on",
            "4xh100-sxm,8xh100-sxm",
            "--input",
            "3000",
            "--output",
            "300",
            "--speculate",
            "4",
            "--acceptance",
            "0.8",
            "--chunk",
            "1024");
    assertThat(compared.out()).contains("speculation speed-up", "draft memory", "chunked step");
    assertThat(run("--batch", "2").out()).doesNotContain("Speculation", "Chunked");
  }

  private static String[] with(String[] options, String more) {
    List<String> all = new ArrayList<>(List.of(options));
    all.add(more);
    return all.toArray(String[]::new);
  }

  @Test
  void aDrafterMayHaveOtherDevices() {
    String here =
        answered("--speculate", "4", "--acceptance", "0.8", "--draft", "llama-3.2-1b", "--json");
    String there =
        answered(
            "--speculate",
            "4",
            "--acceptance",
            "0.8",
            "--draft",
            "llama-3.2-1b",
            "--draft-on",
            "l4",
            "--json");
    assertThat(there).contains("\"draft_platform\" : \"");
    assertThat(number(there, "weights_bytes")).isLessThan(number(here, "weights_bytes"));
    assertThat(number(there, "draft_s")).isGreaterThan(number(here, "draft_s"));
  }

  @Test
  void aLargerDrafterIsAnsweredWithAWarning() {
    String text =
        Run.of(
                "estimate",
                "llama-3.2-1b",
                "--on",
                "h100-sxm",
                "--input",
                "100",
                "--output",
                "50",
                "--speculate",
                "3",
                "--acceptance",
                "0.9",
                "--draft",
                "llama-3.1-8b")
            .out();
    assertThat(text).contains("the drafter llama-3.1-8b is larger than llama-3.2-1b");
    String same = answered("--speculate", "3", "--acceptance", "0.9", "--draft", "llama-3.2-1b");
    assertThat(same).doesNotContain("is larger than");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "--speculate 4 | --acceptance",
        "--speculate 4 --acceptance 1.1                         | 0.0 and 1.0",
        "--speculate 4 --acceptance -0.1                        | 0.0 and 1.0",
        "--speculate 4 --acceptance NaN                         | finite",
        "--speculate 4 --acceptance often                       | number",
        "--speculate 4 --acceptance 0.9,0.8                     | 2 positions",
        "--speculate 2 --acceptance 0.7/0.4,0.5/0.2             | at most 1",
        "--speculate 0 --acceptance 0.8                         | 1 and 64",
        "--speculate 65 --acceptance 0.8                        | 1 and 64",
        "--speculate 8 --acceptance 0.8 --candidates 4          | 4096",
        "--speculate 4 --acceptance 0.8 --draft-on l4           | no draft is named",
        "--speculate 4 --acceptance 0.8 --draft llama-3.2-2b    | llama-3.2-1b",
        "--speculate 4 --acceptance 0.8 --draft mistral-7b      | tokenizer",
        "--speculate 4 --acceptance 0.8 --beams 2               | one candidate",
        "--acceptance 0.8,0.7 --draft-precision fp7             | fp8",
        "--chunk 0                                              | 1 and",
        "--chunk 16 --batch 64                                  | at least 64",
        "--communication fp7                                    | fp8",
      })
  void whatMakesNoSenseIsRefused(String options, String hint) {
    Run run = run(options.strip().split(" +"));
    assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(hint).doesNotContain("Exception");
  }

  @Test
  void aNarrowerExchangeMovesFewerBytes() {
    double wide = number(answered("--json"), "network_bytes");
    double narrow = number(answered("--communication", "fp8", "--json"), "network_bytes");
    assertThat(narrow).isLessThan(0.6 * wide);
  }

  @Test
  void requireAsksWithDraftsToo() {
    String[] asked = {
      "require", "llama-3.1-8b", "--input", "1000", "--output", "200", "--tpot", "5 ms", "--json"
    };
    double plain = number(Run.of(asked).out(), "memory_bandwidth_bytes_per_s");
    List<String> more = new ArrayList<>(List.of(asked));
    more.addAll(List.of("--speculate", "3", "--acceptance", "0.8"));
    Run drafted = Run.of(more.toArray(String[]::new));
    assertThat(drafted.exitCode()).as(drafted.err()).isZero();
    assertThat(number(drafted.out(), "memory_bandwidth_bytes_per_s")).isLessThan(plain);
    more.addAll(List.of("--draft", "own-head", "--draft-on", "l4"));
    assertThat(Run.of(more.toArray(String[]::new)).exitCode()).isEqualTo(2);
  }

  @Test
  void whatIsPrintedIsReadAgain() throws Exception {
    String[] all = {
      "--concurrency", "16", "--chunk", "512", "--communication", "fp8",
      "--acceptance", "0.6/0.2,0.5/0.2", "--draft", "llama-3.2-1b", "--draft-on", "l4",
      "--draft-precision", "fp8", "--print-scenario"
    };
    String once = answered(all);
    assertThat(once)
        .contains("chunk: 512", "communication: fp8", "acceptance: [[0.6, 0.2], [0.5, 0.2]]");
    Path file = folder.resolve("s.yaml");
    Files.writeString(file, once, StandardCharsets.UTF_8);
    Run again = Run.of("estimate", "--scenario", file.toString(), "--print-scenario");
    assertThat(again.out()).as(again.err()).isEqualTo(once);
    String head = answered("--speculate", "2", "--acceptance", "0.7", "--print-scenario");
    Files.writeString(file, head, StandardCharsets.UTF_8);
    assertThat(Run.of("estimate", "--scenario", file.toString(), "--print-scenario").out())
        .isEqualTo(head);
  }
}
