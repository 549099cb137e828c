package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CalibrateCommandTest {
  @TempDir private Path folder;

  /** Times of a law with a launch of 5 us and three quarters of the bandwidth. */
  private Path measured() throws IOException {
    var text = new StringBuilder("op,dtype,heads,tokens,latency_us\n");
    for (int heads = 1; heads <= 128; heads *= 2) {
      for (int tokens = 1; tokens <= 8192; tokens *= 2) {
        double bytes = 2.0 * heads * (128 * 512 + tokens * (128.0 + 512));
        double micros = 5 + 1e6 * bytes / (0.75 * 3.35e12);
        for (String op : List.of("mla_gen_pre", "mla_gen_post")) {
          text.append(op)
              .append(",bfloat16,")
              .append(heads)
              .append(',')
              .append(tokens)
              .append(',')
              .append(micros)
              .append('\n');
        }
      }
    }
    return Files.writeString(folder.resolve("measured.csv"), text);
  }

  private Run calibrate(Path in, String out, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of(
                "calibrate",
                "mla-bmm",
                "--on",
                "h100-sxm",
                "--engine",
                "trtllm@9.9",
                "--in",
                in.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--date",
                "2026-11-23"));
    args.addAll(List.of(more));
    if (!args.contains("--evaluations")) {
      args.addAll(List.of("--evaluations", "300"));
    }
    if (!args.contains("--rows")) {
      args.addAll(List.of("--rows", "200"));
    }
    return Run.of(args.toArray(String[]::new));
  }

  @Test
  void writesAProfileThatPredictReads() throws IOException {
    Path in = measured();
    Run run = calibrate(in, "profile.yaml", "--json");
    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).contains("evaluations");
    JsonNode variant = run.json().get("variants").get(0);
    assertThat(variant.get("variant").asString()).isEqualTo("bf16");
    assertThat(variant.get("held_out").asBoolean()).isTrue();
    assertThat(variant.get("errors").get(0).get("geo").asDouble()).isLessThan(0.25);
    assertThat(variant.get("constants").get(0).has("told")).isTrue();

    Path out = folder.resolve("out.csv");
    Run predicted =
        Run.of(
            "predict",
            "mla-bmm",
            "--on",
            "h100-sxm",
            "--engine",
            "trtllm@9.9",
            "--profiles",
            folder.toString(),
            "--in",
            in.toString(),
            "--out",
            out.toString());
    assertThat(predicted.exitCode()).isZero();
    assertThat(Files.readAllLines(out).get(1)).endsWith("kernel:h100-sxm/trtllm-9.9");
  }

  @Test
  void sameSeedSameBytesAlsoWhenResumed() throws IOException {
    Path in = measured();
    calibrate(in, "a.yaml");
    calibrate(in, "b.yaml");
    String text = Files.readString(folder.resolve("a.yaml"));
    assertThat(Files.readString(folder.resolve("b.yaml"))).isEqualTo(text);

    // What a broken-off run leaves behind: the variants it had finished.
    Files.copy(folder.resolve("a.yaml"), folder.resolve("c.yaml.part"));
    Run resumed = calibrate(in, "c.yaml", "--resume");
    assertThat(resumed.exitCode()).isZero();
    assertThat(resumed.err()).doesNotContain("evaluations");
    assertThat(Files.readString(folder.resolve("c.yaml"))).isEqualTo(text);
    assertThat(folder.resolve("c.yaml.part")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"--seed, 7", "--evaluations, 301", "--rows, 201", "--warmth, cold"})
  void goesOnOnlyWithTheSameSettings(String option, String value) throws IOException {
    Path in = measured();
    calibrate(in, "a.yaml");
    Path begun = Files.copy(folder.resolve("a.yaml"), folder.resolve("c.yaml.part"));
    Run other = calibrate(in, "c.yaml", "--resume", option, value);

    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains(begun.toString()).contains(option).contains(value);
    assertThat(folder.resolve("c.yaml")).doesNotExist();
    assertThat(begun).exists();
  }

  @Test
  void goesOnOnlyWithTheSameRows() throws IOException {
    Path in = measured();
    calibrate(in, "a.yaml");
    Files.copy(folder.resolve("a.yaml"), folder.resolve("c.yaml.part"));
    Files.writeString(
        in, "mla_gen_pre,bfloat16,3,1,5\nmla_gen_pre,bfloat16,5,1,5\n", StandardOpenOption.APPEND);
    Run other = calibrate(in, "c.yaml", "--resume");

    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("rows to fit of bf16");
  }

  @ParameterizedTest
  @CsvSource({"missing/p.yaml, there is no folder", "., is a directory"})
  void looksWhereTheProfileGoesBeforeItReadsTheTable(String out, String reason) {
    Run run = calibrate(folder.resolve("not-there.csv"), out);

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--out").contains(reason).doesNotContain("not-there");
  }

  @Test
  void saysWhereTheBandComesFrom() throws IOException {
    JsonNode variant = calibrate(measured(), "p.yaml", "--json").json().get("variants").get(0);

    assertThat(variant.get("band_from").asString()).contains("left out with its family");
    assertThat(Files.readString(folder.resolve("p.yaml"))).contains("band_from: ");
  }

  @Test
  void refusesWhatNothingCanBeFittedTo() throws IOException {
    String header = "op,dtype,heads,tokens,latency_us\n";
    Path empty = Files.writeString(folder.resolve("empty.csv"), header);
    Path one =
        Files.writeString(folder.resolve("one.csv"), header + "mla_gen_pre,bfloat16,3,1,5\n");
    Path zero =
        Files.writeString(folder.resolve("zero.csv"), header + "mla_gen_pre,bfloat16,1,1,0\n");

    for (Path in : List.of(empty, one, zero)) {
      Run run = calibrate(in, "p.yaml");
      assertThat(run.exitCode()).isEqualTo(2);
      assertThat(run.err()).contains(String.valueOf(in.getFileName()));
      assertThat(folder.resolve("p.yaml")).doesNotExist();
    }
    assertThat(calibrate(zero, "p.yaml").err()).contains("zero.csv:2").contains("above zero");
    assertThat(Run.of("calibrate", "gemm", "--on", "h100", "--engine", "trtllm", "--in", "x").err())
        .contains("release");
  }
}
