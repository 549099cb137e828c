package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ridgeline.kernel.CommShape.ElementType;
import dev.ridgeline.kernel.CommShape.Library;
import dev.ridgeline.kernel.CommShape.Operation;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.testdomain.TestPlatforms;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class CommFamilyTest extends KernelContract<CommShape> {
  private static final double LINK_BYTES_PER_SECOND = 5e11;

  @Override
  KernelFamily<CommShape> family() {
    return new CommFamily();
  }

  @Override
  CommShape shape(SplittableRandom random) {
    Library library = Library.values()[random.nextInt(4)];
    Operation operation =
        library == Library.NCCL ? Operation.values()[random.nextInt(4)] : Operation.ALL_REDUCE;
    return new CommShape(
        library,
        operation,
        ElementType.values()[random.nextInt(5)],
        1L << random.nextInt(1, 4),
        (long) Math.exp(random.nextDouble() * Math.log(1e9)) + 1);
  }

  @Override
  CommShape sixtyFourFold(CommShape shape) {
    return new CommShape(
        shape.library(), shape.operation(), shape.type(), shape.ranks(), 64 * shape.elements());
  }

  @Override
  List<CommShape> extremes() {
    long most = 1L << 31;
    return List.of(
        CommShape.of("nccl", "all_reduce", "half", 2, 1),
        CommShape.of("nccl", "alltoall", "int8", most, 1),
        CommShape.of("nccl", "all_gather", "float", most, most),
        CommShape.of("trtllm_custom", "all_reduce", "bfloat16", 8, most),
        CommShape.of("vllm_eager", "all_reduce", "bfloat16", 2, 1));
  }

  @Override
  double leastFlops(CommShape shape) {
    return 0;
  }

  @Override
  double leastBytes(CommShape shape) {
    return 0;
  }

  /** Links have clocks of their own. */
  @Override
  @Test
  void aChipWithoutAClockIsRefused() {
    CommShape shape = shape(new SplittableRandom(6));
    assertThat(seconds(TestSilicon.withoutClock(), shape)).isPositive();
  }

  private double[] typical() {
    return family().parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  private double seconds(Platform platform, CommShape shape) {
    return family().on(platform, family().variant(shape), Warmth.WARM, typical()).seconds(shape);
  }

  /** A ring sends 2 (n - 1) / n of the message over each link, whatever else it does. */
  @Test
  void noConstantsBeatTheLinks() {
    var random = new SplittableRandom(7);
    double[] best = typical();
    for (int i = 0; i < best.length; i++) {
      Parameter parameter = family().parameters().get(i);
      best[i] = parameter.unit().equals("s") ? parameter.low() : parameter.high();
    }
    for (int i = 0; i < 1000; i++) {
      CommShape shape = shape(random);
      double share = (shape.ranks() - 1.0) / shape.ranks();
      double times = shape.operation() == Operation.ALL_REDUCE ? 2 : 1;
      assertThat(
              family()
                  .on(TestSilicon.round(), family().variant(shape), Warmth.WARM, best)
                  .seconds(shape))
          .isGreaterThan(times * share * shape.bytes() / LINK_BYTES_PER_SECOND);
    }
  }

  @Test
  void messagesThatLeaveTheNodeTakeLonger() {
    Platform nodes = TestPlatforms.nodes(2, 8);
    CommShape inside = CommShape.of("nccl", "alltoall", "half", 8, 1L << 28);
    CommShape across = CommShape.of("nccl", "alltoall", "half", 16, 1L << 28);
    // Half of the message goes over links a tenth as fast.
    assertThat(seconds(nodes, across)).isGreaterThan(4 * seconds(nodes, inside));
  }

  /** All chips of a node lend their outer links to a ring that leaves it. */
  @Test
  void ringsOverNodesUseAllOuterLinks() {
    Platform nodes = TestPlatforms.nodes(2, 8);
    CommShape inside = CommShape.of("nccl", "all_gather", "half", 8, 1L << 30);
    CommShape across = CommShape.of("nccl", "all_gather", "half", 16, 1L << 30);
    assertThat(seconds(nodes, across) / seconds(nodes, inside)).isBetween(1.0, 1.5);
  }

  /** Nine ranks on nodes of eight leave the second node by the one link of the ninth. */
  @Test
  void aRingIsAsWideAsItsLeastFilledNode() {
    Platform nodes = TestPlatforms.nodes(2, 8);
    CommShape sixteen = CommShape.of("nccl", "all_gather", "half", 16, 1L << 30);
    CommShape nine = CommShape.of("nccl", "all_gather", "half", 9, 1L << 30);
    assertThat(seconds(nodes, nine)).isGreaterThan(5 * seconds(nodes, sixteen));
  }

  /**
   * Small all-reduces over hosts go through trees: four times the hosts, two hops more each way.
   */
  @Test
  void startsGrowWithTheLogarithmOfHosts() {
    double four = seconds(TestPlatforms.nodes(4, 8), allReduce("nccl", 32));
    double sixteen = seconds(TestPlatforms.nodes(16, 8), allReduce("nccl", 128));
    double sixtyFour = seconds(TestPlatforms.nodes(64, 8), allReduce("nccl", 512));
    assertThat(sixteen).isGreaterThan(four).isLessThan(1.7 * four);
    assertThat(sixtyFour - sixteen).isCloseTo(sixteen - four, Percentage.withPercentage(1));
  }

  /** Ranks of other hosts cannot be read as peers. */
  @Test
  void enginesLeaveWhatGoesOverHostsToNccl() {
    Platform nodes = TestPlatforms.nodes(2, 8);
    CommShape custom = allReduce("trtllm_custom", 16);
    CommShape inside = allReduce("trtllm_custom", 8);
    assertThat(seconds(nodes, custom)).isGreaterThan(3 * seconds(nodes, inside));
  }

  private static CommShape allReduce(String library, long ranks) {
    return CommShape.of(library, "all_reduce", "half", ranks, 1024);
  }

  @Test
  void eagerLaunchesWaitForTheHost() {
    CommShape graph = CommShape.of("vllm_graph", "all_reduce", "bfloat16", 8, 128);
    CommShape eager = CommShape.of("vllm_eager", "all_reduce", "bfloat16", 8, 128);
    assertThat(seconds(TestSilicon.round(), eager))
        .isCloseTo(3e-5, Percentage.withPercentage(1))
        .isGreaterThan(3 * seconds(TestSilicon.round(), graph));
  }

  @Test
  void illegalShapesAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommShape.of("nccl", "all_reduce", "half", 1, 1))
        .withMessageContaining("num_gpus 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommShape.of("nccl", "broadcast", "half", 2, 1))
        .withMessageContaining("all_gather");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CommShape.of("vllm_graph", "all_gather", "half", 2, 1))
        .withMessageContaining("all_reduce");
  }
}
