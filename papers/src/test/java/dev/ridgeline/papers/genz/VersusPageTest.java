package dev.ridgeline.papers.genz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The pages that compare GenZ with Ridgeline say what the code computes. To write them anew:
 *
 * <pre>{@code
 * mvn -pl papers -am test -Dtest=VersusPageTest -Dsurefire.failIfNoSpecifiedTests=false \
 *   -Dridgeline.rewrite=true
 * }</pre>
 */
class VersusPageTest {
  private static final Path ROOT =
      Path.of(System.getProperty("ridgeline.root", "..")).toAbsolutePath().normalize();

  @Test
  void thePageIsUpToDate() throws IOException {
    check(
        "docs/versus-genz.md",
        VersusPage.of(
            GoldenTable.read("golden.csv"),
            GenzComparison.attributions(),
            SpeedFigures.read(ROOT.resolve("README.md"))));
  }

  @Test
  void thePageOfRequirementsIsUpToDate() throws IOException {
    check("docs/versus-genz-requirements.md", RequirementsPage.of(RequirementSplit.all()));
  }

  private static void check(String name, String page) throws IOException {
    Path file = ROOT.resolve(name);
    if (Boolean.getBoolean("ridgeline.rewrite")) {
      Files.writeString(file, page);
    }
    assertThat(Files.readString(file))
        .as("-Dridgeline.rewrite=true writes %s anew", name)
        .isEqualTo(page);
  }
}
