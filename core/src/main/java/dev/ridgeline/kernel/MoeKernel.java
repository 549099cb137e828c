package dev.ridgeline.kernel;

/** See {@link MoeFamily}. */
final class MoeKernel implements Kernel<MoeShape>, ExpertTiles.Reader {
  private static final double TILE_COLUMNS = 128;

  /** Rows enter, lie between the kernels, and leave the layer in bf16. */
  private static final double ROW_BYTES = 2;

  private final Silicon silicon;
  private final ExpertFormat format;
  private final double weightBytes;
  private final boolean warm;
  private final double launchSeconds;
  private final double expertSeconds;
  private final double tileFlopsPerSecond;
  private final double memoryBytesPerSecond;
  private final double blend;
  private final double waveSeconds;
  private final double gather;
  private final double atProducts;
  private final double allTokens;
  private final double keptBytes;
  private final double loadBytesPerSecond;
  private final double visitSeconds;
  private final double tileExponent;
  private final double rate16;
  private final double rate32;
  private final double rate64;
  private final double cacheBytesPerSecond;

  /**
   * @param weightBytes of one weight as it is stored
   */
  MoeKernel(
      Silicon silicon, ExpertFormat format, double weightBytes, Warmth warmth, double[] constants) {
    this.silicon = silicon;
    this.format = format;
    this.weightBytes = weightBytes;
    this.warm = warmth == Warmth.WARM;
    double clock = silicon.clockHertz();
    launchSeconds = constants[0] / clock;
    expertSeconds = constants[1] / clock;
    tileFlopsPerSecond = constants[2] * silicon.matrixFlopsPerSecond() / silicon.multiprocessors();
    memoryBytesPerSecond = constants[3] * silicon.memoryBytesPerSecond();
    blend = constants[4];
    waveSeconds = constants[5] / clock;
    gather = constants[6];
    atProducts = constants[7];
    allTokens = constants[8];
    keptBytes = constants[9] * silicon.cacheBytes();
    loadBytesPerSecond = constants[10] * clock;
    visitSeconds = constants[11] / clock;
    tileExponent = constants[12];
    rate16 = Math.pow(16.0 / 128, constants[12]);
    rate32 = Math.pow(32.0 / 128, constants[12]);
    rate64 = Math.pow(64.0 / 128, constants[12]);
    // Cycles and not memory set what a cache gives: on a chip of GDDR it is ten times the memory's.
    cacheBytesPerSecond =
        Math.max(memoryBytesPerSecond, constants[13] * silicon.multiprocessors() * clock);
  }

  @Override
  public double seconds(MoeShape shape) {
    return ExpertTiles.of(shape, this);
  }

  @Override
  public double of(
      MoeShape shape,
      double used,
      double rows,
      double ruled,
      double ofRuled,
      double of16,
      double of32,
      double of64,
      double of128) {
    double hidden = shape.hidden();
    double inner = (double) shape.inter() / shape.tp();
    double outputs = (shape.kernel().matrices() - 1) * inner;
    double weights = used * hidden * (outputs + inner) * weightBytes;
    double rowBytes = rows * (hidden + outputs) * ROW_BYTES;
    double tokenBytes = 2.0 * shape.tokens() * hidden * ROW_BYTES;
    double warmRows = hit(rowBytes);
    double warmTokens = hit(rowBytes + tokenBytes);
    double warmWeights = warm ? hit(weights + rowBytes + tokenBytes) : 0;
    double moved =
        allTokens * tokenBytes + gather * rows * hidden * (2 * ROW_BYTES + format.inputBytes());
    return launchSeconds
        + (double) shape.experts() / shape.ep() * expertSeconds
        + (double) shape.tokens() * shape.topk() * visitSeconds
        + moved * (warmTokens / cacheBytesPerSecond + (1 - warmTokens) / memoryBytesPerSecond)
        + product(
            outputs,
            hidden,
            used,
            rows,
            ruled,
            ofRuled,
            of16,
            of32,
            of64,
            of128,
            warmRows,
            warmWeights)
        + product(
            hidden,
            inner,
            used,
            rows,
            ruled,
            ofRuled,
            of16,
            of32,
            of64,
            of128,
            warmRows,
            warmWeights);
  }

  /** Share found in the cache: the edge of a cache that is read in a circle is sharp. */
  private double hit(double workingSetBytes) {
    double over = workingSetBytes / keptBytes;
    double squared = over * over;
    double fourth = squared * squared;
    return 1 / (1 + fourth * fourth);
  }

  private double product(
      double outputs,
      double inputs,
      double used,
      double rows,
      double ruled,
      double ofRuled,
      double of16,
      double of32,
      double of64,
      double of128,
      double warmRows,
      double warmWeights) {
    double weights = used * outputs * inputs * weightBytes;
    double moved = atProducts * rows * (outputs * ROW_BYTES + inputs * format.inputBytes());
    double cached = weights * warmWeights + moved * warmRows;
    double trafficSeconds =
        (weights + moved - cached) / memoryBytesPerSecond + cached / cacheBytesPerSecond;
    double tileSeconds;
    if (ruled > 0) {
      double rate = ruled < 128 ? Math.pow(ruled / 128, tileExponent) : 1;
      tileSeconds = tiled(ofRuled, ruled, rate, outputs, inputs);
    } else {
      tileSeconds =
          Math.min(
              Math.min(
                  tiled(of16, 16, rate16, outputs, inputs),
                  tiled(of32, 32, rate32, outputs, inputs)),
              Math.min(
                  tiled(of64, 64, rate64, outputs, inputs), tiled(of128, 128, 1, outputs, inputs)));
    }
    return powerMean(tileSeconds, trafficSeconds);
  }

  /** Time of all waves of tiles, their traffic aside. */
  private double tiled(
      double rowTiles, double tileRows, double rate, double outputs, double inputs) {
    double tiles = rowTiles * Math.ceil(outputs / TILE_COLUMNS);
    // Half a wave is lost at the end on average, and there is never less than one.
    double waves = Math.max(1, tiles / silicon.multiprocessors() + 0.5);
    double multiply = 2 * TILE_COLUMNS * tileRows * inputs / (rate * tileFlopsPerSecond);
    double load =
        inputs * (TILE_COLUMNS * weightBytes + tileRows * format.inputBytes()) / loadBytesPerSecond;
    return waves * Math.max(multiply + waveSeconds, load);
  }

  private double powerMean(double one, double other) {
    double larger = Math.max(one, other);
    double ratio = Math.min(one, other) / larger;
    return larger * Math.pow(1 + Math.pow(ratio, blend), 1 / blend);
  }
}
