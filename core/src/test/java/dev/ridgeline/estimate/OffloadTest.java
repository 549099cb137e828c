package dev.ridgeline.estimate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ridgeline.cost.Bound;
import dev.ridgeline.cost.CostModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Precision;
import dev.ridgeline.platform.Host;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.platform.SharedMemory;
import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.testdomain.TestPlatforms;
import dev.ridgeline.units.Bytes;
import dev.ridgeline.units.BytesPerSecond;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.assertj.core.data.Offset;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/**
 * Streaming from the host, against the terms of FlexGen's cost model (Sheng et al., ICML 2023,
 * appendix A.3) written out by hand for the shapes of {@link TestModels#dense()}: eight layers of
 * width 1024, 16 query and 4 key/value heads of 64, a gated network of 4096, 32,000 words, bf16.
 */
class OffloadTest {
  private static final Percentage EXACT = Percentage.withPercentage(1e-9);
  private static final Engine ENGINE =
      new Engine("test", "1", "Test", 1.0, Bytes.ZERO, 16, "", List.of());

  private static final double HOST_LINK = 5e10;
  private static final int BATCH = 4;
  private static final int PROMPT = 1000;
  private static final double LAYER = 2 * (1024.0 * (1024 + 2 * 256 + 1024) + 3.0 * 4096 * 1024);
  private static final double HEAD = 2 * 32000.0 * 1024;

  /** Each step reads all matrices and one row of the token table for each request. */
  private static final double WEIGHTS_OF_STEP = 8 * LAYER + HEAD + BATCH * 2 * 1024.0;

  private static final double CACHE_OF_TOKEN = 8 * 2 * 256 * 2.0;
  private static final double FETCHED = BATCH * PROMPT * CACHE_OF_TOKEN;
  private static final double STORED = BATCH * CACHE_OF_TOKEN;

  private static Placement placement(double weights, double kv, String tier, boolean prefetch) {
    return new Placement(
        Optional.empty(), Optional.empty(), offload(weights, tier), offload(kv, tier), prefetch);
  }

  private static Optional<Offload> offload(double share, String tier) {
    return share > 0 ? Optional.of(new Offload(share, tier)) : Optional.empty();
  }

  private static Scenario scenario(
      Platform platform, Parallelism parallelism, Placement placement, CostModel tier) {
    return new Scenario(
        TestModels.dense(),
        platform,
        new Deployment(parallelism, Precision.CHECKPOINT, placement, 0),
        ENGINE,
        new Traffic(PROMPT, 2, BATCH, 1, OptionalInt.empty()),
        Objectives.NONE,
        List.of(tier));
  }

  private static Estimate on(Platform platform, Parallelism parallelism, Placement placement) {
    return Estimator.estimate(scenario(platform, parallelism, placement, Roofline.IDEAL));
  }

  private static Estimate alone(Placement placement) {
    return on(TestPlatforms.nodes(1, 8), Parallelism.NONE, placement);
  }

  private static PhaseReport decode(Estimate answer) {
    return answer.decode().orElseThrow();
  }

  private static double tpot(Estimate answer) {
    return answer.tpotSeconds().orElseThrow();
  }

  private static Map<String, Double> traffic(PhaseReport phase) {
    return phase.traffic().stream()
        .collect(Collectors.toMap(PhaseReport.TierTraffic::tier, PhaseReport.TierTraffic::bytes));
  }

  @Test
  void weightsWithTheHostCrossItsLinkOnceAStep() {
    Estimate answer = alone(placement(0.3, 0, "host", true));
    double streamed = 0.3 * WEIGHTS_OF_STEP;
    assertThat(traffic(decode(answer)).get("host")).isCloseTo(streamed, EXACT);
    assertThat(decode(answer).streamSeconds()).isCloseTo(streamed / HOST_LINK, EXACT);
    // The link is the slowest by far, and all else hides behind it.
    assertThat(tpot(answer)).isCloseTo(streamed / HOST_LINK, EXACT);
    assertThat(decode(answer).bound()).isEqualTo(Bound.OFFLOAD);
  }

  /** All hides behind the link, so a tenth more of it takes a tenth off in speed. */
  @Test
  void theSensitivityKnowsTheHostsLink() {
    Placement streamed = placement(0.3, 0, "host", true);
    Sensitivity found =
        Sensitivity.of(
            scenario(TestPlatforms.nodes(1, 8), Parallelism.NONE, streamed, Roofline.IDEAL));
    Sensitivity.Change link =
        found.changes().stream()
            .filter(change -> change.knob() == Sensitivity.Knob.HOST_LINK)
            .findFirst()
            .orElseThrow();
    assertThat(link.tpot().orElseThrow()).isCloseTo(1 / 1.1 - 1, EXACT);
    assertThat(
            Sensitivity.of(
                    scenario(
                        TestPlatforms.nodes(1, 8),
                        Parallelism.NONE,
                        Placement.MAIN,
                        Roofline.IDEAL))
                .changes())
        .noneMatch(change -> change.knob() == Sensitivity.Knob.HOST_LINK);
  }

  @Test
  void cacheIsFetchedFromEarlierStepsAndStoredForLaterOnes() {
    Estimate answer = alone(placement(0, 0.5, "host", true));
    assertThat(traffic(decode(answer)).get("host")).isCloseTo(0.5 * (FETCHED + STORED), EXACT);
    // The two directions of the link work at once.
    assertThat(decode(answer).streamSeconds()).isCloseTo(0.5 * FETCHED / HOST_LINK, EXACT);
    // A prompt's keys and values only go out: they are still on the device when they are read.
    assertThat(traffic(answer.prefill()).get("host"))
        .isCloseTo(0.5 * BATCH * PROMPT * CACHE_OF_TOKEN, EXACT);
  }

  @Test
  void whatIsStagedCrossesMainMemoryOnceMore() {
    double resident = traffic(decode(alone(Placement.MAIN))).get("hbm");
    double staged = 0.3 * WEIGHTS_OF_STEP + 0.5 * (FETCHED + STORED);
    PhaseReport phase = decode(alone(placement(0.3, 0.5, "host", true)));
    assertThat(traffic(phase).get("hbm")).isCloseTo(resident + staged, EXACT);
    assertThat(phase.trafficBytes()).isCloseTo(resident + staged, EXACT);
  }

  @Test
  void streamingThatWorkCoversCostsNothing() {
    Estimate resident = alone(Placement.MAIN);
    Estimate answer = alone(placement(0.005, 0, "host", true));
    PhaseReport phase = decode(answer);
    assertThat(phase.streamSeconds()).isCloseTo(0.005 * WEIGHTS_OF_STEP / HOST_LINK, EXACT);
    assertThat(phase.offloadSeconds()).isZero();
    assertThat(phase.hiddenStreamSeconds()).isEqualTo(phase.streamSeconds());
    assertThat(tpot(answer)).isCloseTo(tpot(resident), Percentage.withPercentage(1));
    assertThat(tpot(answer)).isGreaterThanOrEqualTo(tpot(resident));
  }

  @Test
  void withoutPrefetchTimesAddUp() {
    double resident = tpot(alone(Placement.MAIN));
    Estimate answer = alone(placement(0.3, 0.5, "host", false));
    double streaming = (0.3 * WEIGHTS_OF_STEP + 0.5 * FETCHED) / HOST_LINK;
    assertThat(tpot(answer)).isCloseTo(resident + streaming, EXACT);
    assertThat(decode(answer).hiddenStreamSeconds()).isCloseTo(0, Offset.offset(1e-12));
  }

  @Test
  void drivesReadAndWriteAtTheirOwnRates() {
    Estimate answer = alone(placement(0, 1, "nvme", true));
    // 40 GB/s in and 20 GB/s out of one set of drives, behind a wider link.
    assertThat(decode(answer).streamSeconds()).isCloseTo(FETCHED / 4e10 + STORED / 2e10, EXACT);
  }

  @Test
  void weightsOnDrivesAndCacheWithTheHostShareTheLink() {
    Placement both =
        new Placement(
            Optional.empty(), Optional.empty(), offload(0.3, "nvme"), offload(0.5, "host"), true);
    PhaseReport phase = decode(alone(both));
    double linkSeconds = (0.3 * WEIGHTS_OF_STEP + 0.5 * FETCHED) / HOST_LINK;
    double driveSeconds = 0.3 * WEIGHTS_OF_STEP / 4e10;
    assertThat(phase.streamSeconds()).isCloseTo(Math.max(linkSeconds, driveSeconds), EXACT);
    assertThat(traffic(phase).get("nvme")).isCloseTo(0.3 * WEIGHTS_OF_STEP, EXACT);
    assertThat(traffic(phase).get("host")).isCloseTo(0.5 * (FETCHED + STORED), EXACT);
  }

  @Test
  void devicesOfANodeShareItsLinksAndMemories() {
    Platform own = TestPlatforms.nodes(1, 8);
    Host narrow = new Host(Optional.of(new BytesPerSecond(1e11)), own.host().memories());
    Placement placement = placement(0.3, 0, "host", true);
    double ownLinks = decode(on(own, Parallelism.tensor(8), placement)).streamSeconds();
    double shared =
        decode(on(own.withHost(narrow), Parallelism.tensor(8), placement)).streamSeconds();
    // 100 GB/s for eight devices in place of 50 GB/s for each.
    assertThat(shared).isCloseTo(4 * ownLinks, EXACT);
    MemoryLedger ledger = on(own, Parallelism.tensor(8), placement).memory();
    assertThat(ledger.otherTiers().getFirst().capacityBytes()).isCloseTo(1e11, EXACT);
  }

  @Test
  void memoryIsSplitAndBuffersHoldTwoLayersWithPrefetch() {
    MemoryLedger all = alone(Placement.MAIN).memory();
    MemoryLedger split = alone(placement(0.25, 0.5, "host", true)).memory();
    MemoryLedger waiting = alone(placement(0.25, 0.5, "host", false)).memory();
    MemoryLedger.TierUse host = split.otherTiers().getFirst();
    assertThat(split.weightsBytes()).isCloseTo(0.75 * all.weightsBytes(), EXACT);
    assertThat(split.kvBytes()).isCloseTo(0.5 * all.kvBytes(), EXACT);
    assertThat(host.weightsBytes() + split.weightsBytes()).isCloseTo(all.weightsBytes(), EXACT);
    assertThat(host.kvBytes() + split.kvBytes()).isCloseTo(all.kvBytes(), EXACT);
    // The head with the last norm is the largest piece; a layer keeps 1 KiB of a token.
    double buffer = 0.25 * (HEAD + 2 * 1024) + 0.5 * BATCH * (PROMPT + 1) * CACHE_OF_TOKEN / 8;
    assertThat(split.streamingBytes()).isCloseTo(2 * buffer, EXACT);
    assertThat(waiting.streamingBytes()).isCloseTo(buffer, EXACT);
  }

  @Test
  void nothingIsFasterThanTheFloorAndMoreOffloadIsNeverFaster() {
    double before = 0;
    for (double share : new double[] {0.001, 0.01, 0.1, 0.5, 1}) {
      Placement placement = placement(share, share, "host", true);
      double ideal = tpot(alone(placement));
      double floor =
          tpot(
              Estimator.estimate(
                  scenario(
                      TestPlatforms.nodes(1, 8), Parallelism.NONE, placement, Roofline.FLOOR)));
      assertThat(floor).isLessThanOrEqualTo(ideal * (1 + 1e-12));
      assertThat(ideal).isGreaterThanOrEqualTo(before);
      before = ideal;
    }
  }

  @Test
  void aMemoryThatIsNotThereIsRefused() {
    Platform bare = TestPlatforms.nodes(1, 8).withHost(Host.UNKNOWN);
    assertThatThrownBy(() -> on(bare, Parallelism.NONE, placement(0.5, 0, "host", true)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("has no memory \"host\" to stream from");
    assertThatThrownBy(() -> alone(placement(0, 0.5, "flash", true)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("offload-kv")
        .hasMessageContaining("host, nvme");
  }

  @Test
  void tooSmallAHostIsInfeasibleWithARemedy() {
    SharedMemory small =
        new SharedMemory(
            "host", new Bytes(1e8), new BytesPerSecond(1e12), new BytesPerSecond(1e12));
    Platform platform =
        TestPlatforms.nodes(1, 8).withHost(new Host(Optional.empty(), List.of(small)));
    InfeasibleException refused =
        catchThrowableOfType(
            InfeasibleException.class,
            () -> on(platform, Parallelism.NONE, placement(1, 0, "host", true)));
    assertThat(refused).hasMessageContaining("of memory \"host\"");
    assertThat(refused.remedies()).contains("no --offload-weights and --offload-kv");
  }

  @Test
  void whatDoesNotFitIsOfferedAShareWithTheHost() {
    Scenario large =
        scenario(TestPlatforms.nodes(1, 8), Parallelism.NONE, Placement.MAIN, Roofline.IDEAL)
            .withTraffic(new Traffic(120_000, 2, 110, 1, OptionalInt.empty()));
    InfeasibleException refused =
        catchThrowableOfType(InfeasibleException.class, () -> Estimator.estimate(large));
    String remedy =
        refused.remedies().stream()
            .filter(text -> text.startsWith("--offload-kv "))
            .findFirst()
            .orElseThrow();
    double share = Double.parseDouble(remedy.substring("--offload-kv ".length()));
    Placement offered = placement(0, share, "host", true);
    Estimate answer =
        Estimator.estimate(large.withDeployment(large.deployment().withPlacement(offered)));
    assertThat(answer.memory().fits()).isTrue();
  }
}
