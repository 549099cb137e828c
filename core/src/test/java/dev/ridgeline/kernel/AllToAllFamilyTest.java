package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.kernel.AllToAllShape.Library;
import dev.ridgeline.kernel.AllToAllShape.Operation;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestPlatforms;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class AllToAllFamilyTest extends KernelContract<AllToAllShape> {
  @Override
  KernelFamily<AllToAllShape> family() {
    return new AllToAllFamily();
  }

  @Override
  AllToAllShape shape(SplittableRandom random) {
    long experts = 1L << random.nextInt(3, 10);
    return new AllToAllShape(
        Library.values()[random.nextInt(4)],
        Operation.values()[random.nextInt(4)],
        random.nextBoolean() ? 2 : 1,
        1,
        1L << random.nextInt(4),
        1024L * random.nextInt(1, 9),
        random.nextLong(1, 9),
        experts,
        4L * random.nextInt(7),
        (long) Math.exp(random.nextDouble() * Math.log(1e5)) + 1);
  }

  @Override
  AllToAllShape sixtyFourFold(AllToAllShape shape) {
    return new AllToAllShape(
        shape.library(),
        shape.operation(),
        shape.tokenBytes(),
        shape.nodes(),
        shape.ep(),
        shape.hidden(),
        shape.topk(),
        shape.experts(),
        shape.multiprocessors(),
        64 * shape.tokens());
  }

  private static AllToAllShape normal(
      long ep, long hidden, long topk, long experts, long sms, long tokens) {
    return AllToAllShape.of(
        "deepep_normal", "dispatch", "", 1, ep, hidden, topk, experts, sms, tokens);
  }

  @Override
  List<AllToAllShape> extremes() {
    long most = 1L << 31;
    return List.of(
        normal(1, 1, 1, 1, 0, 1),
        normal(most, 1, 1, most, 0, 1),
        normal(8, most, 1, 8, 0, 1),
        normal(8, 1, most, most, 0, 1),
        normal(8, 1, 1, 8, most, most));
  }

  @Override
  double leastFlops(AllToAllShape shape) {
    return 0;
  }

  @Override
  double leastBytes(AllToAllShape shape) {
    return 0;
  }

  @Test
  void ranksVisitedMatchDrawing() {
    var random = new SplittableRandom(5);
    int rounds = 20_000;
    double sum = 0;
    for (int round = 0; round < rounds; round++) {
      BitSet experts = new BitSet();
      while (experts.cardinality() < 6) {
        experts.set(random.nextInt(64));
      }
      sum += experts.stream().map(expert -> expert / 8).distinct().count();
    }
    assertThat(AllToAllKernel.visited(64, 6, 8))
        .isCloseTo(sum / rounds, Percentage.withPercentage(1));
  }

  @Test
  void fewMultiprocessorsBoundALargeExchange() {
    double[] typical = family().parameters().stream().mapToDouble(Parameter::typical).toArray();
    Kernel<AllToAllShape> kernel =
        family().on(TestSilicon.round(), "deepep_normal-dispatch", Warmth.WARM, typical);
    assertThat(kernel.seconds(normal(8, 7168, 8, 256, 4, 65_536)))
        .isGreaterThan(1.5 * kernel.seconds(normal(8, 7168, 8, 256, 8, 65_536)));
  }

  /** A token crosses once to each node; one message for each of its experts would take 4 times. */
  @Test
  void aTokenCrossesOnceToEachNode() {
    Platform nodes = TestPlatforms.nodes(4, 8, TestSilicon.round().chip());
    double[] typical = family().parameters().stream().mapToDouble(Parameter::typical).toArray();
    Kernel<AllToAllShape> kernel =
        family().on(nodes, "deepep_normal-dispatch", Warmth.WARM, typical);
    long tokens = 65_536;
    double visitedNodes = AllToAllKernel.visited(256, 8, 4);
    double elsewhere = visitedNodes * 3 / 4;
    AllToAllShape shape = normal(32, 7168, 8, 256, 0, tokens);
    double floorSeconds =
        tokens * 7168 * shape.tokenBytes() * elsewhere / nodes.levels().get(1).bandwidth().value();

    assertThat(kernel.seconds(shape)).isBetween(floorSeconds, 2 * floorSeconds);
  }

  @Test
  void combinesSendBfloat16UnlessOfLowPrecision() {
    assertThat(of("alltoall_combine").tokenBytes()).isEqualTo(2);
    assertThat(of("alltoall_combine_low_precision").tokenBytes()).isEqualTo(0.5625);
    assertThat(of("alltoall_dispatch").tokenBytes()).isEqualTo(0.5625);
  }

  private static AllToAllShape of(String operation) {
    return AllToAllShape.of(
        "trtllm_NVLinkTwoSided", operation, "nvfp4", 1, 8, 7168, 8, 256, 0, 128);
  }

  @Test
  void illegalShapesAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> normal(8, 1, 1, 4, 0, 1))
        .withMessageContaining("ep 8 for 4 experts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of("gather"))
        .withMessageContaining("combine");
  }
}
