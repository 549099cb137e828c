package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredTablesTest {
  @TempDir Path folder;

  /** A GPU of which every product takes a second, whatever its size. */
  @BeforeEach
  void writeTables() throws IOException {
    List<String> rows = new ArrayList<>(List.of("dtype,m,n,k,latency_us"));
    for (int m = 1; m <= 4096; m *= 4) {
      for (int n = 1024; n <= 1 << 17; n *= 4) {
        for (int k = 1024; k <= 1 << 15; k *= 4) {
          rows.add("bfloat16,%d,%d,%d,1e6".formatted(m, n, k));
        }
      }
    }
    Files.write(folder.resolve("h100_sxm_gemm.csv"), rows);
    Files.writeString(
        folder.resolve("in.csv"), "dtype,m,n,k\nbf16,64,4096,4096\nbf16,64,4096,4000\n");
    Files.writeString(
        folder.resolve("far.csv"), "dtype,m,n,k\nbf16,64,4096,4096\nbf16,9000,4096,4096\n");
  }

  private Run predict(String in, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "predict",
                "gemm",
                "--on",
                "h100-sxm",
                "--in",
                folder.resolve(in).toString(),
                "--out",
                folder.resolve("out.csv").toString()));
    words.addAll(List.of(more));
    return Run.of(words.toArray(String[]::new));
  }

  @Test
  void predictTellsRowsFromWhatLiesBetween() throws IOException {
    Run run = predict("in.csv", "--tier", "measured", "--tables", folder.toString());
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<String> lines = Files.readAllLines(folder.resolve("out.csv"));
    assertThat(lines.get(1)).startsWith("bf16,64,4096,4096,1000000,").endsWith("gemm.csv");
    assertThat(lines.get(2)).contains(",measured:h100_sxm_gemm.csv interpolated");
  }

  @Test
  void predictRefusesWhatWasNotMeasuredUnlessAsked() throws IOException {
    Run refused = predict("far.csv", "--tier", "measured", "--tables", folder.toString());
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("far.csv:3", "--extrapolate");
    assertThat(folder.resolve("out.csv")).doesNotExist();
    Run asked =
        predict("far.csv", "--tier", "measured", "--tables", folder.toString(), "--extrapolate");
    assertThat(asked.exitCode()).as(asked.err()).isZero();
    assertThat(Files.readAllLines(folder.resolve("out.csv")).get(2)).endsWith("extrapolated");
  }

  @Test
  void optionsOfTablesNeedTheTier() {
    assertThat(predict("in.csv", "--tables", folder.toString()).err()).contains("--tier measured");
    assertThat(predict("in.csv", "--tier", "measured").err()).contains("--tables");
    assertThat(predict("in.csv", "--tier", "mesured").err()).contains("measured");
    assertThat(
            predict("in.csv", "--tier", "measured", "--tables", folder.resolve("no").toString())
                .err())
        .contains("no such file");
  }

  /**
   * Four fused products in each of 32 layers and one at the end, of a second each where rows are,
   * near one between them; kernels alone would take milliseconds.
   */
  @Test
  void estimateTakesMeasuredTimesAndKernelsForTheRest() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--input",
            "64",
            "--output",
            "2",
            "--tier",
            "measured",
            "--tables",
            folder.toString(),
            "--json");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("source").asString()).isEqualTo("measured+kernel");
    // The head's product is wider than any that was measured.
    assertThat(run.json().path("error_band").path("meaning").asString())
        .contains("measured for 4 of 13 operators", "kernel for the rest");
    assertThat(run.json().path("tpot_s").asDouble()).isBetween(0.9 * 129, 1.1 * 129);
    assertThat(run.out()).contains("measured:h100_sxm_gemm.csv\"");
  }

  private Run estimate(String model, String lengths, Path tables) {
    return Run.of(
        ("estimate %s --on h100-sxm %s --tier measured --tables %s --json"
                .formatted(model, lengths, tables))
            .split(" "));
  }

  @Test
  void estimateSaysWhereRowsEnd() {
    // Row for row longer than any that was measured.
    Run run = estimate("llama-3.1-8b", "--input 9000 --output 1", folder);
    assertThat(run.json().path("source").asString()).isEqualTo("kernel");
    assertThat(run.json().path("error_band").path("meaning").asString())
        .contains("no shape lies inside the measured rows");
    assertThat(run.out()).contains("as all lies outside measured:h100_sxm_gemm.csv");
  }

  @Test
  void estimateTellsTheOperatorOfASingleTable() throws IOException {
    Path named = folder.resolve("h100_sxm_gemm.csv");
    for (Path table : List.of(named, Files.copy(named, folder.resolve("times.csv")))) {
      Run run = estimate("llama-3.1-8b", "--input 64 --output 2", table);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json().path("tpot_s").asDouble()).isBetween(0.9 * 129, 1.1 * 129);
    }
    Path strange = Files.writeString(folder.resolve("x.csv"), "size,latency_us\n1,2\n");
    Run run = estimate("llama-3.1-8b", "--input 64 --output 2", strange);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("x.csv", "tell the operator", "gemm (dtype, m, n, k)");
  }

  @Test
  void estimateRefusesTablesOfOtherThings() throws IOException {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.copy(folder.resolve("h100_sxm_gemm.csv"), other.resolve("a100_sxm_gemm.csv"));
    Run run = estimate("llama-3.1-8b", "--input 64 --output 2", other);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err())
        .contains("no table has rows", "h100-sxm", "[CHIP_]gemm.csv[.gz]", other.toString());
  }

  @Test
  void scenariosKeepTheirTables() {
    Run run =
        Run.of(
            "estimate",
            "llama-3.1-8b",
            "--on",
            "h100-sxm",
            "--input",
            "64",
            "--output",
            "2",
            "--tier",
            "measured",
            "--tables",
            folder.toString(),
            "--print-scenario");
    assertThat(run.out())
        .contains("tier: measured")
        .contains("tables: ")
        .contains(folder.toString());
  }
}
