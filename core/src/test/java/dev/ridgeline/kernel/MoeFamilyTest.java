package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MoeFamilyTest extends KernelContract<MoeShape> {
  private static final ExpertFormat[] FORMATS = {
    ExpertFormat.BFLOAT16, ExpertFormat.FP8, ExpertFormat.FP8_BLOCK, ExpertFormat.W4A16_MXFP4
  };
  private static final double[] SKEWS = {0, 0.6, 1, 1.01, 1.2, 2, 3};

  @Override
  KernelFamily<MoeShape> family() {
    return new MoeFamily();
  }

  private static long extent(SplittableRandom random, double most) {
    return (long) Math.exp(random.nextDouble() * Math.log(most)) + 1;
  }

  @Override
  MoeShape shape(SplittableRandom random) {
    long experts = 1L << random.nextInt(3, 10);
    double skew = SKEWS[random.nextInt(SKEWS.length)];
    // Uneven loads follow another law while there are fewer visits than experts.
    long fewest = skew > 0 ? 4 * experts : 1;
    return new MoeShape(
        FORMATS[random.nextInt(FORMATS.length)],
        ExpertKernel.values()[random.nextInt(3)],
        extent(random, 8000),
        extent(random, 16_000),
        random.nextLong(1, Math.min(experts, 22) + 1),
        experts,
        1L << random.nextInt(6),
        1L << random.nextInt(1 + Long.numberOfTrailingZeros(experts)),
        skew,
        fewest + extent(random, 20_000));
  }

  @Test
  void standInsKeepTheKindOfKernel() {
    assertThat(family().standIns("w4afp8-nongated"))
        .containsExactly("fp8-nongated", "bfloat16-nongated");
    assertThat(family().standIns("int4_wo")).containsExactly("bfloat16");
    assertThat(family().standIns("bfloat16")).isEmpty();
  }

  private static MoeShape with(MoeShape shape, double skew, long tokens) {
    return new MoeShape(
        shape.format(),
        shape.kernel(),
        shape.hidden(),
        shape.inter(),
        shape.topk(),
        shape.experts(),
        shape.tp(),
        shape.ep(),
        skew,
        tokens);
  }

  @Override
  MoeShape sixtyFourFold(MoeShape shape) {
    return with(shape, shape.skew(), 64 * shape.tokens());
  }

  private static MoeShape of(long hidden, long inter, long topk, long experts, long tokens) {
    return new MoeShape(
        ExpertFormat.FP8, ExpertKernel.GATED, hidden, inter, topk, experts, 1, 1, 1.2, tokens);
  }

  @Override
  List<MoeShape> extremes() {
    long most = 1L << 31;
    return List.of(
        of(1, 1, 1, 1, 1),
        of(most, 1, 1, 1, 1),
        of(1, most, 1, 1, 1),
        of(1, 1, most, most, 1),
        with(deepSeek(8, 0, 1), 0.5, 1),
        with(deepSeek(256, 0, 1), 1, 2),
        of(1, 1, 1, most, 1),
        of(1, 1, 1, 1, most),
        of(most, most, most, most, most),
        with(of(most, most, most, most, most), 0, most));
  }

  /** Rows of all ranks together are the visits there are; the busiest has its even share. */
  @Override
  double leastFlops(MoeShape shape) {
    double rows = (double) shape.tokens() * shape.topk() / shape.ep();
    double wide = shape.format().arithmetic().bits() == 8 ? 2 : 1;
    double inner = (double) shape.inter() / shape.tp();
    return shape.skew() > 0
        ? 0
        : 2 * rows * shape.hidden() * inner * shape.kernel().matrices() / wide;
  }

  /** One expert's weights. */
  @Override
  double leastBytes(MoeShape shape) {
    double inner = (double) shape.inter() / shape.tp();
    return shape.hidden() * inner * shape.kernel().matrices() * shape.format().weightBytes();
  }

  private double seconds(MoeShape shape) {
    double[] typical = family().parameters().stream().mapToDouble(Parameter::typical).toArray();
    return family()
        .on(TestSilicon.round(), family().variant(shape), Warmth.WARM, typical)
        .seconds(shape);
  }

  private static MoeShape deepSeek(long ep, double skew, long tokens) {
    return new MoeShape(
        ExpertFormat.FP8_BLOCK, ExpertKernel.GATED, 7168, 2048, 8, 256, 1, ep, skew, tokens);
  }

  @Test
  void unevenRoutingLengthensLargeBatchesOnManyRanksAndShortensFewTokensOnOne() {
    assertThat(seconds(deepSeek(64, 1.2, 16_384)))
        .isGreaterThan(2 * seconds(deepSeek(64, 0, 16_384)));
    assertThat(seconds(deepSeek(1, 1.2, 16))).isLessThan(0.9 * seconds(deepSeek(1, 0, 16)));
  }

  /** Until all 256 are in use, each token brings the weights of eight experts. */
  @Test
  void fewTokensReadTheWeightsOfTheirExpertsOnly() {
    double extra = seconds(deepSeek(1, 0, 16)) - seconds(deepSeek(1, 0, 8));
    double weightBytes = 64 * 3.0 * 7168 * 2048;
    assertThat(extra)
        .isGreaterThan(weightBytes / TestSilicon.MEMORY_BYTES_PER_SECOND)
        .isLessThan(1.5 * weightBytes / TestSilicon.MEMORY_BYTES_PER_SECOND);
  }

  /** 160 tokens bring a rank of 128 fewer than three visits an expert, and tiles of 256 rows. */
  @Test
  void tilesThatFollowAllTokensArePaddedOnManyRanks() {
    double few = seconds(spread(ExpertFormat.W4A8_MXFP4_MXFP8, 16));
    double more = seconds(spread(ExpertFormat.W4A8_MXFP4_MXFP8, 160));
    assertThat(more).isGreaterThan(1.5 * few);
    double tried = seconds(spread(ExpertFormat.FP8, 160)) / seconds(spread(ExpertFormat.FP8, 16));
    assertThat(more / few).isGreaterThan(1.3 * tried);
  }

  private static MoeShape spread(ExpertFormat format, long tokens) {
    return new MoeShape(format, ExpertKernel.GATED, 7168, 3072, 6, 384, 1, 128, 0, tokens);
  }

  @Test
  void librariesThatDifferInKindHaveVariantsOfTheirOwn() {
    assertThat(ExpertKernel.of("tf_cutlass")).isEqualTo(ExpertKernel.GATED);
    assertThat(ExpertKernel.of("tf_nongated")).isEqualTo(ExpertKernel.NON_GATED);
    assertThat(ExpertKernel.of("tf_min_latency")).isEqualTo(ExpertKernel.MIN_LATENCY);
    MoeShape shape = deepSeek(1, 0, 1);
    assertThat(family().variant(shape)).isEqualTo("fp8_block");
  }

  @Test
  void illegalShapesAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(0, 1, 1, 1, 1))
        .withMessageContaining("hidden 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> of(1, 1, 2, 1, 1))
        .withMessageContaining("topk 2 of 1 experts");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExpertFormat.of("fp9"))
        .withMessageContaining("fp8_block");
  }

  @Test
  void aFormatTheChipHasNoPeakForIsRefused() {
    assertThatThrownBy(() -> family().on(TestSilicon.round(), "nvfp4", Warmth.WARM, new double[14]))
        .isInstanceOf(MissingFigureException.class)
        .hasMessageContaining("fp4");
  }
}
