package dev.ridgeline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.platform.Platform;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class GemmFamilyTest extends KernelContract<GemmShape> {
  private static final GemmFormat[] FORMATS = {
    GemmFormat.BF16, GemmFormat.FP8, GemmFormat.FP8_BLOCK, GemmFormat.INT8_WO, GemmFormat.INT4_WO
  };

  @Override
  KernelFamily<GemmShape> family() {
    return new GemmFamily();
  }

  private static long extent(SplittableRandom random) {
    return (long) Math.exp(random.nextDouble() * Math.log(70_000)) + 1;
  }

  @Override
  GemmShape shape(SplittableRandom random) {
    GemmFormat format = FORMATS[random.nextInt(FORMATS.length)];
    return new GemmShape(format, extent(random), extent(random), extent(random));
  }

  @Override
  GemmShape sixtyFourFold(GemmShape shape) {
    return new GemmShape(shape.format(), 64 * shape.m(), shape.n(), shape.k());
  }

  @Override
  List<GemmShape> extremes() {
    long most = 1L << 31;
    return List.of(
        new GemmShape(GemmFormat.BF16, 1, 1, 1),
        new GemmShape(GemmFormat.FP8_BLOCK, 1, 1, 1),
        new GemmShape(GemmFormat.BF16, most, 1, 1),
        new GemmShape(GemmFormat.FP8, 1, most, 1),
        new GemmShape(GemmFormat.INT4_WO, 1, 1, most),
        new GemmShape(GemmFormat.FP8, most, most, most));
  }

  /** The contract counts at the 16-bit peak; 8-bit formats run at twice that. */
  @Override
  double leastFlops(GemmShape shape) {
    return shape.flops() / (shape.format().arithmetic().bits() == 8 ? 2 : 1);
  }

  @Override
  double leastBytes(GemmShape shape) {
    return shape.format().weightBytes() * shape.n() * shape.k();
  }

  private double seconds(GemmFormat format, long m, long n, long k, double... constants) {
    return family()
        .on(TestSilicon.round(), format.key(), Warmth.COLD, constants)
        .seconds(new GemmShape(format, m, n, k));
  }

  private double[] typical() {
    return family().parameters().stream().mapToDouble(Parameter::typical).toArray();
  }

  /** Decoding streams weights, and prompts multiply them. */
  @Test
  void weightsStoredInFewerBitsAreReadInLessTimeAndMultipliedInNoLess() {
    double[] constants = typical();
    constants[GemmFamily.LAUNCH] = 0;
    constants[GemmFamily.LOAD_LATENCY] = 0;
    Kernel<GemmShape> whole = stored(1, constants);
    Kernel<GemmShape> half = stored(0.5, constants);
    GemmShape decode = new GemmShape(GemmFormat.NARROW_FP8, 1, 65_536, 65_536);
    GemmShape prefill = new GemmShape(GemmFormat.NARROW_FP8, 65_536, 8192, 8192);

    assertThat(half.seconds(decode) / whole.seconds(decode))
        .isCloseTo(0.5, Percentage.withPercentage(15));
    assertThat(half.seconds(prefill))
        .isCloseTo(whole.seconds(prefill), Percentage.withPercentage(1));
  }

  private Kernel<GemmShape> stored(double bytesOfWeight, double... constants) {
    return GemmFamily.storing(bytesOfWeight)
        .on(TestSilicon.round(), GemmFormat.NARROW_FP8.key(), Warmth.COLD, constants);
  }

  @Test
  void allButTheWidestAndTheNarrowestHaveAStandInThatMultipliesNoNarrower() {
    for (GemmFormat format : GemmFormat.values()) {
      List<String> standIns = family().standIns(format.key());
      assertThat(standIns).doesNotContain(format.key());
      assertThat(standIns.isEmpty())
          .isEqualTo(format == GemmFormat.BF16 || format == GemmFormat.NVFP4);
      for (String other : standIns) {
        assertThat(GemmFormat.of(other).arithmetic().bits())
            .isGreaterThanOrEqualTo(format.arithmetic().bits());
      }
    }
  }

  /** One row of tiles more than 100 units hold: a smaller tile or a second wave must take it. */
  @Test
  void emptySlotsOfTheLastWaveCostWhatTheirShareSays() {
    double[] waiting = typical();
    waiting[GemmFamily.SPLIT_COST] = 1;
    waiting[GemmFamily.WAVE_TAIL] = 1;
    double[] balanced = waiting.clone();
    balanced[GemmFamily.WAVE_TAIL] = 0.05;
    double waits = seconds(GemmFormat.BF16, 101 * 256, 128, 8192, waiting);
    double shares = seconds(GemmFormat.BF16, 101 * 256, 128, 8192, balanced);
    assertThat(waits / shares).isBetween(1.02, 2.0);
    assertThat(seconds(GemmFormat.BF16, 100 * 256, 128, 8192, waiting)).isLessThan(waits);
  }

  /** Power goes with the cube of the clock: eight times the limit halves it. */
  @Test
  void bigProductsRunAtTheClockThatTheBoardCanFeed() {
    double[] constants = typical();
    double clockGigahertz = 2;
    double limitWatts = TestSilicon.round().chip().power().tdp().orElseThrow().value();
    double flopsPerSecond =
        constants[GemmFamily.REGISTER_EFFICIENCY] * TestSilicon.MATRIX_FLOPS_PER_SECOND;
    constants[GemmFamily.REGISTER_ENERGY] =
        8 * limitWatts / (flopsPerSecond * 1e-12 * clockGigahertz * clockGigahertz);
    double seconds = seconds(GemmFormat.BF16, 25_600, 65_536, 65_536, constants);
    double rate = 2.0 * 25_600 * 65_536 * 65_536 / seconds;
    assertThat(rate).isCloseTo(flopsPerSecond / 2, Percentage.withPercentage(3));
  }

  @Test
  void boardsWithPowerToSpareKeepTheirClock() {
    double[] constants = typical();
    constants[GemmFamily.REGISTER_ENERGY] = 0.02;
    double seconds = seconds(GemmFormat.BF16, 25_600, 65_536, 65_536, constants);
    double rate = 2.0 * 25_600 * 65_536 * 65_536 / seconds;
    assertThat(rate)
        .isCloseTo(
            constants[GemmFamily.REGISTER_EFFICIENCY] * TestSilicon.MATRIX_FLOPS_PER_SECOND,
            Percentage.withPercentage(3));
  }

  /** An Ada multiprocessor does 1,024 flops a cycle, on an L40 it is held to 512. */
  @Test
  void aCappedMatrixEngineIsBusyAllTheTime() {
    double[] constants = typical();
    constants[GemmFamily.REGISTER_EFFICIENCY] = 0.7;
    constants[GemmFamily.REGISTER_ENERGY] = 0.02;
    double flops = 2.0 * 25_600 * 16_384 * 16_384;
    var shape = new GemmShape(GemmFormat.BF16, 25_600, 16_384, 16_384);
    double full = flops / (100 * 2e9 * 1024);
    double fullSeconds =
        family().on(TestSilicon.of("ada", 1024), "bf16", Warmth.COLD, constants).seconds(shape);
    double capped = flops / (100 * 2e9 * 512);
    double cappedSeconds =
        family().on(TestSilicon.of("ada", 512), "bf16", Warmth.COLD, constants).seconds(shape);
    assertThat(fullSeconds / full).isCloseTo(1 / 0.7, Percentage.withPercentage(3));
    assertThat(cappedSeconds / capped).isBetween(1.0, 1.03);
  }

  /** On Hopper operands stay in shared memory, on Ada they pass through registers. */
  @Test
  void eachArchitectureReachesTheEfficiencyOfItsOperands() {
    double[] constants = typical();
    constants[GemmFamily.MATRIX_EFFICIENCY] = 0.9;
    constants[GemmFamily.REGISTER_EFFICIENCY] = 0.6;
    constants[GemmFamily.FLOP_ENERGY] = 0.02;
    constants[GemmFamily.REGISTER_ENERGY] = 0.02;
    var shape = new GemmShape(GemmFormat.BF16, 25_600, 16_384, 16_384);
    double hopper =
        family().on(TestSilicon.of("hopper", 4096), "bf16", Warmth.COLD, constants).seconds(shape);
    double ada =
        family().on(TestSilicon.of("ada", 1024), "bf16", Warmth.COLD, constants).seconds(shape);
    assertThat(shape.flops() / hopper / (100 * 2e9 * 4096))
        .isCloseTo(0.9, Percentage.withPercentage(3));
    assertThat(shape.flops() / ada / (100 * 2e9 * 1024))
        .isCloseTo(0.6, Percentage.withPercentage(3));
  }

  /** One multiply-add for each sum and 128 inputs comes on top of 256 flops of the engine. */
  @Test
  void sumsOfBlocksOfScalesAreAddedByTheVectorUnits() {
    double[] constants = typical();
    constants[GemmFamily.FLOP_ENERGY] = 0.02;
    constants[GemmFamily.PROMOTE_COST] = 2;
    var shape = new GemmShape(GemmFormat.FP8_BLOCK, 25_600, 16_384, 16_384);
    Platform chip = TestSilicon.of("hopper", 4096);
    double vector = chip.chip().vectorPeak().orElseThrow().value();
    double with = family().on(chip, "fp8_block", Warmth.COLD, constants).seconds(shape);
    constants[GemmFamily.PROMOTE_COST] = 1;
    double less = family().on(chip, "fp8_block", Warmth.COLD, constants).seconds(shape);
    assertThat(with - less).isCloseTo(shape.flops() / 128 / vector, Percentage.withPercentage(6));
  }

  /** Eight rows of 8-bit floats on Ada: each takes its time, the ninth goes to the engine. */
  @Test
  void fewRowsOfAdaTakeTheVectorUnits() {
    double[] constants = typical();
    Platform chip = TestSilicon.of("ada", 1024);
    double vector = chip.chip().vectorPeak().orElseThrow().value();
    constants[GemmFamily.VECTOR_SHARE] = 0.02;
    Kernel<GemmShape> kernel = family().on(chip, "fp8", Warmth.WARM, constants);
    double eight = kernel.seconds(new GemmShape(GemmFormat.FP8, 8, 2048, 2048));
    double four = kernel.seconds(new GemmShape(GemmFormat.FP8, 4, 2048, 2048));
    double nine = kernel.seconds(new GemmShape(GemmFormat.FP8, 9, 2048, 2048));
    assertThat(eight - four)
        .isCloseTo(2.0 * 4 * 2048 * 2048 / (0.02 * vector), Percentage.withPercentage(10));
    assertThat(nine).isLessThan(eight);
  }

  @Test
  void fewRowsAgainstManyWeightsReachTheMemoryBandwidth() {
    double seconds = seconds(GemmFormat.BF16, 1, 65_536, 65_536, typical());
    double floor =
        2.0
            * 65_536
            * 65_536
            / (typical()[GemmFamily.MEMORY_EFFICIENCY] * TestSilicon.MEMORY_BYTES_PER_SECOND);
    assertThat(seconds / floor).isBetween(1.0, 1.06);
  }

  @Test
  void theTableNameOfBf16IsUnderstoodAndOthersAreRefusedByName() {
    assertThat(GemmFormat.of("bfloat16")).isEqualTo(GemmFormat.BF16);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GemmFormat.of("fp9"))
        .withMessageContaining("fp9 is none of bf16, fp8, fp8_block, nvfp4");
  }

  @Test
  void aFormatTheChipHasNoPeakForIsRefused() {
    assertThatThrownBy(() -> family().on(TestSilicon.round(), "nvfp4", Warmth.WARM, typical()))
        .isInstanceOf(MissingFigureException.class)
        .hasMessageContaining("compute.matrix.fp4");
  }

  @Test
  void emptyProductsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new GemmShape(GemmFormat.BF16, 0, 1, 1))
        .withMessageContaining("m must be at least 1, was 0");
  }
}
