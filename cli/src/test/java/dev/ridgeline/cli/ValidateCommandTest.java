package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValidateCommandTest {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";

  @TempDir private Path folder;

  private static Map<String, String> reference() {
    Path root = Path.of(System.getProperty("ridgeline.root", ".."));
    String usual = root.resolve("../shared/reference").toString();
    String named = System.getenv().getOrDefault(VARIABLE, usual);
    assumeTrue(
        Files.isDirectory(Path.of(named, "silicon")),
        "no measured tables; " + VARIABLE + " names their folder");
    return Map.of(VARIABLE, named);
  }

  /** Errors recorded in docs may go down, and never up again. */
  @Test
  void noErrorIsAboveItsCeiling() {
    Path ceilings =
        Path.of(System.getProperty("ridgeline.root", ".."), "docs", "accuracy-ceilings.csv");
    Run run = Run.in(false, true, reference(), "validate", "--ceilings", ceilings.toString());

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void enginesAreFittedToWholeRunsAndIntoAFolder() {
    Map<String, String> environment = Map.of(VARIABLE, folder.toString());

    Run other =
        Run.in(false, true, environment, "validate", "gemm", "--fit-engines", folder.toString());
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).contains("--fit-engines", "end-to-end");

    String nowhere = folder.resolve("none").toString();
    Run noFolder =
        Run.in(false, true, environment, "validate", "end-to-end", "--fit-engines", nowhere);
    assertThat(noFolder.exitCode()).isEqualTo(2);
    assertThat(noFolder.err()).contains("none", "is no folder");
  }

  @Test
  void failsAboveACeilingAndLowersIt() throws IOException {
    Path measured = Files.createDirectories(folder.resolve("silicon"));
    Path table = measured.resolve("h100_sxm_mla_bmm.csv.gz");
    Files.writeString(
        table,
        "op,dtype,heads,tokens,latency_us\n"
            + "mla_gen_pre,bfloat16,16,1,9\nmla_gen_pre,bfloat16,16,64,11\n");
    Path ceilings =
        Files.writeString(
            folder.resolve("c.csv"), "key,geo,p90\nmla-bmm | h100-sxm | bf16 | all,0.01,0.01\n");
    Map<String, String> environment = Map.of(VARIABLE, folder.toString());

    Run above =
        Run.in(false, true, environment, "validate", "mla-bmm", "--ceilings", ceilings.toString());
    assertThat(above.exitCode()).isEqualTo(1);
    assertThat(above.err()).contains("above its ceiling: mla-bmm | h100-sxm | bf16 | all");

    Files.delete(ceilings);
    Run fresh =
        Run.in(
            false,
            true,
            environment,
            "validate",
            "mla-bmm",
            "--ceilings",
            ceilings.toString(),
            "--lower-ceilings",
            "--svg",
            folder.resolve("plot.svg").toString(),
            "--markdown",
            folder.resolve("page.md").toString());
    assertThat(fresh.exitCode()).isZero();
    assertThat(Files.readString(ceilings)).contains("mla-bmm | h100-sxm | bf16 | all,");
    assertThat(Files.readString(folder.resolve("plot.svg"))).contains("<circle");
    assertThat(Files.readString(folder.resolve("page.md"))).contains("| h100-sxm | bf16 | all");
    Run again =
        Run.in(false, true, environment, "validate", "mla-bmm", "--ceilings", ceilings.toString());
    assertThat(again.exitCode()).isZero();
  }

  @Test
  void saysWhereItLooked() {
    Run run = Run.in(false, true, Map.of(VARIABLE, "/no/such"), "validate");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("/no/such/silicon");
  }

  @Test
  void aFolderThatIsNotThereIsNamedWithItsVariable() {
    Run run = Run.in(false, true, Map.of("RIDGELINE_REFERENCE", "/no/such/folder"), "validate");

    assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err()).contains("/no/such/folder", "RIDGELINE_REFERENCE");
  }
}
