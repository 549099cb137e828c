package dev.ridgeline.papers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.papers.pack.Published;
import dev.ridgeline.papers.run.ClaimResult;
import dev.ridgeline.papers.run.PaperResult;
import dev.ridgeline.papers.run.PaperResult.State;
import dev.ridgeline.papers.run.Reference;
import dev.ridgeline.papers.run.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShippedPacksTest {
  private static final Path ROOT =
      Path.of(System.getProperty("ridgeline.root", "..")).toAbsolutePath().normalize();
  static final Reference REFERENCE = reference();

  private static List<PaperResult> papers = List.of();

  private static Reference reference() {
    String stated = System.getenv(Reference.VARIABLE);
    return stated != null
        ? new Reference(Path.of(stated))
        : Stream.iterate(ROOT, Objects::nonNull, Path::getParent)
            .map(folder -> folder.resolveSibling("shared").resolve("reference"))
            .filter(Files::isDirectory)
            .findFirst()
            .map(Reference::new)
            .orElse(new Reference(Path.of("no-such-folder")));
  }

  @BeforeAll
  static void runAll() {
    papers = Papers.shipped().runAll(REFERENCE);
  }

  private static Map<String, ClaimResult> claims(String paper) {
    return papers.stream()
        .filter(result -> result.paper().id().equals(paper))
        .flatMap(result -> result.claims().stream())
        .collect(Collectors.toMap(result -> result.claim().id(), Function.identity()));
  }

  @Test
  void everyMissHasItsReason() {
    assertThat(papers)
        .flatExtracting(PaperResult::claims)
        .filteredOn(claim -> claim.verdict() == Verdict.MISSED)
        .allSatisfy(claim -> assertThat(claim.reason()).as(claim.claim().id()).isNotBlank());
  }

  @Test
  void nothingIsExplainedThatIsNotMissed() {
    assertThat(papers)
        .flatExtracting(PaperResult::claims)
        .filteredOn(claim -> claim.verdict() == Verdict.REPRODUCED)
        .allSatisfy(claim ->
            assertThat(claim.claim().experiment().orElseThrow().miss())
                .as(claim.claim().id())
                .isEmpty());
  }

  @Test
  void everyClaimThatIsNotRunSaysWhatItAwaits() {
    assertThat(papers)
        .flatExtracting(PaperResult::claims)
        .filteredOn(claim -> claim.verdict() == Verdict.NOT_RUN)
        .allSatisfy(claim ->
            assertThat(claim.claim().awaits().isPresent() || claim.claim().experiment().isPresent())
                .as(claim.claim().id())
                .isTrue());
  }

  @Test
  void statesFollowFromTheClaims() {
    assertThat(papers)
        .allSatisfy(paper -> {
          if (paper.paper().obstacle().isPresent()) {
            assertThat(paper.state()).isEqualTo(State.NOT_REPRODUCIBLE);
          } else if (paper.claims().isEmpty()) {
            assertThat(paper.state()).isEqualTo(State.PLANNED);
          }
        });
    assertThat(papers)
        .filteredOn(paper -> paper.paper().id().equals("deepspeed-moe"))
        .extracting(PaperResult::state)
        .containsExactly(State.PARTLY);
  }

  @Test
  void sizesOfMixturesAreReproduced() {
    assertThat(claims("deepspeed-moe"))
        .extractingByKeys(
            "size-1.3b-moe-128", "size-350m-moe-128", "size-1.3b-pr-moe", "size-350m-pr-moe")
        .extracting(ClaimResult::verdict)
        .containsOnly(Verdict.REPRODUCED);
  }

  @Test
  void requirementTablesAreReproducedRowByRow() {
    Map<String, ClaimResult> genz = claims("genz");
    ClaimResult capacity = Objects.requireNonNull(genz.get("requirement-capacity"));
    assumeTrue(
        capacity.verdict() != Verdict.NOT_RUN, "no requirement table under " + Reference.VARIABLE);
    assertThat(genz)
        .extractingByKeys(
            "requirement-capacity",
            "requirement-decode-bandwidth",
            "requirement-decode-compute",
            "requirement-prefill-compute",
            "requirement-prefill-bandwidth-dense")
        .allSatisfy(claim -> {
          assertThat(claim.claim().published()).isInstanceOf(Published.Table.class);
          assertThat(claim.comparisons())
              .allSatisfy(row -> assertThat(row.within(0.002)).as(row.toString()).isTrue());
        });
  }

  @Test
  void thePageIsUpToDate() throws IOException {
    Path page = ROOT.resolve("docs/papers.md");
    assumeTrue(Files.exists(page), "no docs/papers.md");
    assumeTrue(
        claims("genz").values().stream().noneMatch(claim -> claim.reason().contains("not at hand")),
        "the page needs the tables under " + Reference.VARIABLE);
    assertThat(Files.readString(page))
        .as("ridgeline reproduce --markdown docs/papers.md writes it anew")
        .isEqualTo(PapersPage.of(papers));
  }
}
