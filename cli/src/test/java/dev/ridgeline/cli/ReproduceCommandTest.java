package dev.ridgeline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReproduceCommandTest {
  private static final Map<String, String> NO_TABLES = Map.of("RIDGELINE_REFERENCE", "no-such-dir");

  private static Run run(String... args) {
    return Run.in(false, true, NO_TABLES, args);
  }

  @Test
  void listsEveryPaper() {
    Run run = run("reproduce", "--list", "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    JsonNode papers = run.json();
    assertThat(papers.isArray()).isTrue();
    assertThat(papers.size()).isEqualTo(74);
    for (JsonNode paper : papers) {
      assertThat(paper.propertyNames()).contains("id", "title", "state", "claims");
      assertThat(paper.get("state").asString())
          .isIn("reproduced", "partly", "missed", "planned", "not reproducible");
      assertThat(paper.get("reason").isNull())
          .isEqualTo(!paper.get("state").asString().equals("not reproducible"));
      assertThat(paper.get("claims").isInt()).isTrue();
    }
    assertThat(run("reproduce", "--list").out()).contains("sn40l", "not reproducible");
  }

  @Test
  void givesEveryClaimItsKeys() {
    Run run = run("reproduce", "--all", "--json");
    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    JsonNode claims = run.json();
    assertThat(claims.size()).isGreaterThan(30);
    for (JsonNode claim : claims) {
      assertThat(claim.propertyNames())
          .contains("paper", "claim", "published", "ours", "ratio", "kind", "verdict");
      String verdict = claim.get("verdict").asString();
      assertThat(verdict).isIn(Set.of("reproduced", "missed", "quoted"));
      assertThat(claim.get("ours").isNull()).isEqualTo(verdict.equals("quoted"));
      assertThat(claim.get("kind").asString().equals("quoted")).isEqualTo(verdict.equals("quoted"));
    }
  }

  @Test
  void showsAPaper() {
    Run run = run("reproduce", "sn40l", "zero", "mg-verilog");
    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(run.out())
        .contains("switching-vs-a100", "31.25", "reproduced", "Not run", "planned:")
        .contains("not reproducible: ");
    assertThat(run("reproduce", "sn40l", "--plain").out()).contains("31.25x").isASCII();
  }

  @Test
  void refusesUnknownPapersAndEmptyQuestions() {
    Run unknown = run("reproduce", "sn40");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(unknown.err()).contains("sn40l");
    assertThat(run("reproduce").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run("reproduce", "genz", "--all").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run("reproduce", "--markdown", "no-such-dir/page.md").exitCode())
        .isEqualTo(ExitCode.BAD_INPUT);
  }

  @Test
  void writesThePage(@TempDir Path folder) throws IOException {
    Path page = folder.resolve("papers.md");
    Run run = run("reproduce", "--markdown", page.toString());
    assertThat(run.exitCode()).isEqualTo(ExitCode.DONE);
    assertThat(run.out()).isEmpty();
    assertThat(Files.readString(page)).startsWith("# Papers\n").contains("## sn40l", "| claim |");
  }
}
