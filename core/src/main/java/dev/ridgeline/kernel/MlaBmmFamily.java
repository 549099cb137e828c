package dev.ridgeline.kernel;

import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import java.util.List;

/**
 * The absorbed projections of latent attention, one small product a head in one batched kernel.
 *
 * <p>Of the usual tiles the quickest is taken: two thread blocks a multiprocessor, each multiplying
 * its tile while it loads the operands. Against them stand the bytes that memory or cache can give.
 * Narrow formats convert the inputs in a pass of their own.
 */
public final class MlaBmmFamily implements KernelFamily<MlaBmmShape> {
  private static final double HALF_BYTES = 2;
  private static final double RESIDENT = 2;
  private static final int[] ROW_TILES = {16, 64, 128};
  private static final int[] COLUMN_TILES = {64, 128};

  private static final int LAUNCH = 0;
  private static final int MATRIX = 1;
  private static final int BLOCK = 2;
  private static final int CROWDING = 3;
  private static final int ROUNDING = 4;
  private static final int MEMORY = 5;
  private static final int UNIT_RATE = 6;
  private static final int CACHE_RATE = 7;
  private static final int CACHE_SHARE = 8;
  private static final int CACHE_SHARPNESS = 9;
  private static final int CONVERT_TRAFFIC = 10;
  private static final int OVERLAP = 11;

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("launch", "s", "launch of the kernels", 5e-7, 4e-6, 2e-5),
          new Parameter("matrix", "1", "share of the dense peak", 0.05, 0.6, 1),
          new Parameter("block", "cycle", "a thread block without work", 20, 1000, 40000),
          new Parameter(
              "crowding", "1", "how much longer a wave takes for a second block", 0.02, 0.6, 1),
          new Parameter(
              "rounding",
              "1",
              "how far the last wave waits for its fullest multiprocessor",
              0.02,
              0.6,
              1),
          new Parameter("memory", "1", "share of main memory's bandwidth", 0.3, 0.8, 1),
          new Parameter("unit_rate", "B/cycle", "cache to one thread block", 2, 30, 400),
          new Parameter("cache_rate", "B/cycle", "cache to one multiprocessor", 4, 25, 250),
          new Parameter("cache_share", "1", "share of the cache that keeps data", 0.05, 0.6, 2.5),
          new Parameter("cache_sharpness", "1", "how suddenly the cache overflows", 1, 3, 10),
          new Parameter(
              "convert_traffic", "B", "moved for each input that is converted", 0.05, 4, 60),
          new Parameter("overlap", "1", "order of the norm over overlapping work", 1, 2.5, 8));

  /** The family. */
  public MlaBmmFamily() {}

  @Override
  public String name() {
    return "mla-bmm";
  }

  /** The width of the matrices, {@code bf16} or {@code fp8}. */
  @Override
  public String variant(MlaBmmShape shape) {
    return AttentionFormats.key(shape.format());
  }

  @Override
  public List<Parameter> parameters() {
    return PARAMETERS;
  }

  @Override
  public Kernel<MlaBmmShape> on(
      Platform platform, String variant, Warmth warmth, double[] constants) {
    boolean narrow = variant.equals("fp8");
    return new Batched(
        narrow ? Silicon.clocked(platform, Arithmetic.FP8) : Silicon.halfWidth(platform),
        narrow,
        warmth == Warmth.COLD,
        constants.clone());
  }

  private static final class Batched implements Kernel<MlaBmmShape> {
    private final double[] constants;
    private final boolean narrow;
    private final boolean cold;
    private final double multiprocessors;
    private final double flopsPerSecond;
    private final double blockSeconds;
    private final double unitBytesPerSecond;
    private final double usableCacheBytes;
    private final double memorySecondsPerByte;
    private final double cacheSecondsPerByte;

    Batched(Silicon silicon, boolean narrow, boolean cold, double[] constants) {
      this.constants = constants;
      this.narrow = narrow;
      this.cold = cold;
      this.multiprocessors = silicon.multiprocessors();
      double clockHertz = silicon.clockHertz();
      this.flopsPerSecond = constants[MATRIX] * silicon.matrixFlopsPerSecond() / multiprocessors;
      this.blockSeconds = constants[BLOCK] / clockHertz;
      this.unitBytesPerSecond = constants[UNIT_RATE] * clockHertz;
      this.usableCacheBytes = constants[CACHE_SHARE] * silicon.cacheBytes();
      this.memorySecondsPerByte = 1 / (constants[MEMORY] * silicon.memoryBytesPerSecond());
      this.cacheSecondsPerByte = 1 / (constants[CACHE_RATE] * multiprocessors * clockHertz);
    }

    @Override
    public double seconds(MlaBmmShape shape) {
      double heads = shape.heads();
      double tokens = shape.tokens();
      double inputs = shape.product().inputs();
      double outputs = shape.product().outputs();
      double weightBytes = heads * inputs * outputs * shape.format().bytesPerElement();
      double vectorBytes = heads * tokens * (inputs + outputs) * HALF_BYTES;
      double hits =
          Blend.hits(weightBytes + vectorBytes, usableCacheBytes, constants[CACHE_SHARPNESS]);
      double secondsPerByte = (1 - hits) * memorySecondsPerByte + hits * cacheSecondsPerByte;
      double trafficSeconds =
          vectorBytes * secondsPerByte
              + weightBytes * (cold ? memorySecondsPerByte : secondsPerByte);
      double convertSeconds =
          narrow ? constants[CONVERT_TRAFFIC] * heads * tokens * inputs * secondsPerByte : 0;
      double tileSeconds = Double.POSITIVE_INFINITY;
      for (int rows : ROW_TILES) {
        for (int columns : COLUMN_TILES) {
          tileSeconds = Math.min(tileSeconds, tileSeconds(shape, rows, columns));
        }
      }
      return constants[LAUNCH]
          + convertSeconds
          + Blend.overlap(tileSeconds, trafficSeconds, constants[OVERLAP]);
    }

    private double tileSeconds(MlaBmmShape shape, double rows, double columns) {
      double inputs = shape.product().inputs();
      double blocks =
          shape.heads()
              * Math.ceil(shape.tokens() / rows)
              * Math.ceil(shape.product().outputs() / columns);
      double multiplySeconds = 2 * rows * columns * inputs / flopsPerSecond;
      double loadSeconds =
          (rows * HALF_BYTES + columns * shape.format().bytesPerElement())
              * inputs
              / unitBytesPerSecond;
      return Blend.waves(
              blocks / multiprocessors, RESIDENT, constants[CROWDING], constants[ROUNDING])
          * (blockSeconds + Blend.overlap(multiplySeconds, loadSeconds, constants[OVERLAP]));
    }
  }
}
