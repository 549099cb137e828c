package dev.ridgeline.calibration.served;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.calibration.served.TracedRun.Means;
import dev.ridgeline.calibration.served.TracedRun.Profile;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.mapping.Parallelism;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Runs of vLLM 0.19 with 300 requests each, measured request by request. */
class TracedRunTest {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";
  private static final int SEEN = 100;
  private static final int ALL = 300;

  private static Path file(String name) {
    Path root = Path.of(System.getProperty("ridgeline.root", ".."));
    Path file =
        Path.of(
                System.getenv()
                    .getOrDefault(VARIABLE, root.resolve("../shared/reference").toString()))
            .resolve("serving/vllm-measured")
            .resolve(name + ".requests.csv");
    assumeTrue(Files.exists(file), "no measured run; " + VARIABLE + " names its folder");
    return file;
  }

  private static TracedRun rtx4090() {
    return TracedRun.of(
        Catalog.shipped(),
        file("rtx4090_llama_3_1_8b"),
        "llama-3.1-8b",
        "rtx-4090",
        Parallelism.NONE,
        256,
        OptionalInt.of(2588));
  }

  private static TracedRun rtxPro() {
    return TracedRun.of(
        Catalog.shipped(),
        file("rtxpro6000_llama_3_1_8b"),
        "llama-3.1-8b",
        "rtx-pro-6000",
        Parallelism.NONE,
        128,
        OptionalInt.empty());
  }

  private static TracedRun experts() {
    return TracedRun.of(
        Catalog.shipped(),
        file("rtxpro6000_qwen3_30b_a3b_instruct_2507"),
        "qwen3-30b-a3b",
        "2xrtx-pro-6000",
        new Parallelism(1, 1, 2, 1, 1, 2),
        128,
        OptionalInt.empty());
  }

  private static void check(
      TracedRun run, Profile profile, double tpot, double endToEnd, double ttft) {
    Means simulated = Means.of(run.simulate(profile), SEEN, ALL);
    Means measured = Means.of(run.requests(), SEEN, ALL);
    assertThat(simulated.tpot()).isCloseTo(measured.tpot(), withinPercentage(tpot));
    assertThat(simulated.endToEnd()).isCloseTo(measured.endToEnd(), withinPercentage(endToEnd));
    assertThat(simulated.ttft()).isCloseTo(measured.ttft(), withinPercentage(ttft));
  }

  @Test
  void calibratedOnTheFirstThirdTheyPredictTheRest() {
    for (TracedRun run : new TracedRun[] {rtx4090(), rtxPro(), experts()}) {
      check(run, RunCalibration.of(run, SEEN), 5, 5, 15);
    }
  }

  /** The ceilings of what the shipped profile reaches; all three cards borrow from other chips. */
  @Test
  void theShippedProfileIsHeldToItsErrors() {
    check(rtxPro(), new Profile(1, rtxPro().shipped()), 13, 20, 33);
    check(rtx4090(), new Profile(1, rtx4090().shipped()), 30, 36, 38);
    check(experts(), new Profile(1, experts().shipped()), 12, 14, 45);
  }
}
