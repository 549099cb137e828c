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
    for (String own : List.of("--on", "--in")) {
      if (List.of(more).contains(own)) {
        int place = args.indexOf(own);
        args.subList(place, place + 2).clear();
      }
    }
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
    assertThat(Files.readAllLines(out).get(1))
        .endsWith("kernel:h100-sxm/trtllm-9.9 in " + folder.resolve("profile.yaml"));
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

  /** Products at a fifth of the chip's roofline, which shipped constants are well above. */
  @Test
  void estimateAndRequireReadTheProfile() throws IOException {
    StringBuilder table = new StringBuilder("dtype,m,n,k,latency_us\n");
    for (int m = 1; m <= 4096; m *= 8) {
      for (int n = 1024; n <= 1 << 17; n *= 4) {
        for (int k = 1024; k <= 1 << 15; k *= 4) {
          double micros = 20 + 5e6 * Math.max(2.0 * m * n * k / 989.4e12, 2.0 * n * k / 3.35e12);
          table.append("bfloat16,%d,%d,%d,%.3f\n".formatted(m, n, k, micros));
        }
      }
    }
    Path in = Files.writeString(folder.resolve("slow.csv"), table);
    Path file = folder.resolve("new/folder/gemm.yaml");
    Run fitted =
        Run.of(
            ("calibrate gemm --on h100-sxm --engine trtllm@9.9 --in %s --out %s --evaluations 200"
                    + " --rows 100")
                .formatted(in, file)
                .split(" "));
    assertThat(fitted.exitCode()).as(fitted.err()).isZero();

    String asked = " llama-3.1-8b --on h100-sxm --input 64 --output 2 --json";
    Run shipped = Run.of(("estimate" + asked).split(" "));
    for (Path place : List.of(file, folder.resolve("new/folder"))) {
      Run own = Run.of(("estimate" + asked + " --profiles " + place).split(" "));
      assertThat(own.exitCode()).as(own.err()).isZero();
      assertThat(own.json().get("tpot_s").asDouble())
          .isGreaterThan(2 * shipped.json().get("tpot_s").asDouble());
      assertThat(own.out())
          .contains("kernel:h100-sxm/trtllm-9.9 in " + file)
          .contains("profiles of %s, before those of the catalog, price".formatted(place));
    }
    Run bound = Run.of(("estimate" + asked + " --tier ideal --profiles " + file).split(" "));
    assertThat(bound.exitCode()).isEqualTo(2);
    assertThat(bound.err()).contains("kernel and measured read profiles");
    Run required = Run.of(("require" + asked + " --tpot 100ms --profiles " + file).split(" "));
    assertThat(required.out() + required.err()).contains(file.toString());
  }

  /** A second engine, of which the catalog knows nothing. */
  @Test
  void anEngineOfOnesOwnIsFoundThroughItsProfile() throws IOException {
    Path in = measured();
    String profile = folder.resolve("own.yaml").toString();
    String fit =
        "calibrate mla-bmm --on h100-sxm --engine our-engine@1 --in %s --out %s --evaluations 300"
            .formatted(in, profile);
    assertThat(Run.of((fit + " --rows 200").split(" ")).exitCode()).isZero();
    String asked =
        "predict mla-bmm --on h100-sxm --engine our-engine --in %s --out %s"
            .formatted(in, folder.resolve("o.csv"));
    Run unknown = Run.of(asked.split(" "));
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("our-engine");
    Run found = Run.of((asked + " --profiles " + profile).split(" "));
    assertThat(found.exitCode()).as(found.err()).isZero();
    assertThat(Files.readAllLines(folder.resolve("o.csv")).get(1))
        .contains("kernel:h100-sxm/our-engine-1 in " + profile);

    String estimate =
        "estimate deepseek-v3 --on 8xh200-sxm --use-case chat --profiles " + profile + " --engine ";
    Run own = Run.of((estimate + "our-engine").split(" "));
    assertThat(own.exitCode()).as(own.err()).isZero();
    assertThat(own.out()).contains("engine our-engine");
    assertThat(Run.of((estimate + "our-engin").split(" ")).exitCode()).isEqualTo(2);
    assertThat(Run.of((estimate + "our-engine@2").split(" ")).exitCode()).isEqualTo(2);
  }

  @Test
  void saysHowManyRowsATableMustHave() throws IOException {
    StringBuilder rows = new StringBuilder("dtype,m,n,k,latency_us\n");
    for (int i = 1; i <= 20; i++) {
      rows.append("bfloat16,16,%d,1024,%d\n".formatted(256 * i, 10 + i));
    }
    Path in = Files.writeString(folder.resolve("few.csv"), rows);
    Run run =
        Run.of(
            "calibrate gemm --on h100-sxm --engine trtllm@9.9 --in %s --out %s"
                .formatted(in, folder.resolve("few.yaml"))
                .split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("20 rows", "held out", "about 30 rows in all");
  }

  @ParameterizedTest
  @CsvSource({"occupied/p.yaml, cannot make the folder", "., is a directory"})
  void looksWhereTheProfileGoesBeforeItReadsTheTable(String out, String reason) throws IOException {
    Files.writeString(folder.resolve("occupied"), "");
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

  /** The law of {@link #measured}, taken for two chips. */
  @Test
  void fitsADefaultToSeveralChipsAndSaysHowEachIsPredictedWhenLeftOut() throws IOException {
    Path in = measured();
    Run run =
        calibrate(
            in,
            "any.yaml",
            "--default",
            "--on",
            "h100-sxm,h200-sxm",
            "--in",
            in + "," + in,
            "--json");
    assertThat(run.err()).doesNotContain("error:");
    assertThat(run.exitCode()).isZero();
    assertThat(run.json().get("chip").asString()).isEqualTo("any");
    JsonNode variant = run.json().get("variants").get(0);
    assertThat(variant.get("errors").valueStream().map(error -> error.get("shapes").asString()))
        .contains("h100-sxm left out, all", "h200-sxm left out, all");
    assertThat(variant.get("band_from").asString()).startsWith("2 chips, each left out");
    assertThat(folder.resolve("any.yaml")).content().contains("chip: \"any\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "h100-sxm; measured.csv; two chips or more",
        "h100-sxm,l40s; measured.csv; names 1 tables for 2 chips",
        "h100-sxm,h100-sxm; measured.csv,measured.csv; names a chip twice",
        "h100-sxm,h900; measured.csv,measured.csv; h900"
      })
  void refusesADefaultWithoutATableForEachChip(String on, String tables, String says)
      throws IOException {
    measured();
    String in =
        java.util.Arrays.stream(tables.split(","))
            .map(name -> folder.resolve(name).toString())
            .collect(java.util.stream.Collectors.joining(","));
    Run run = calibrate(Path.of("-"), "any.yaml", "--default", "--on", on, "--in", in);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains(says);
    assertThat(folder.resolve("any.yaml")).doesNotExist();
  }
}
