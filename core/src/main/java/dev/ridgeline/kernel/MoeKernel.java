package dev.ridgeline.kernel;

/** See {@link MoeFamily}. */
final class MoeKernel implements Kernel<MoeShape> {
  private static final double TILE_COLUMNS = 128;

  private static final double LEAST_RULED_ROWS = 8;
  private static final double MOST_RULED_ROWS = 256;

  /** With 16-bit inputs. */
  private static final double MOST_RULED_WIDE_ROWS = 128;

  /** Rows enter, lie between the kernels, and leave the layer in bf16. */
  private static final double ROW_BYTES = 2;

  private final Silicon silicon;
  private final ExpertFormat format;
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

  MoeKernel(Silicon silicon, ExpertFormat format, Warmth warmth, double[] constants) {
    this.silicon = silicon;
    this.format = format;
    this.warm = warmth == Warmth.WARM;
    double clock = silicon.clockHertz();
    launchSeconds = constants[0];
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
    cacheBytesPerSecond = constants[13] * silicon.memoryBytesPerSecond();
  }

  @Override
  public double seconds(MoeShape shape) {
    return shape.skew() == 0 ? balanced(shape) : skewed(shape);
  }

  private double balanced(MoeShape shape) {
    double experts = (double) shape.experts() / shape.ep();
    double rows = Math.max(1, (double) shape.tokens() * shape.topk() / shape.ep());
    double used = Math.min(experts, rows);
    double load = rows / used;
    double ruled = ruledRows(shape);
    return seconds(
        shape,
        used,
        rows,
        ruled,
        ruled > 0 ? used * tiles(load, ruled) : 0,
        used * tiles(load, 16),
        used * tiles(load, 32),
        used * tiles(load, 64),
        used * tiles(load, 128));
  }

  private double skewed(MoeShape shape) {
    double experts = shape.experts();
    double tokens = shape.tokens();
    double visits = tokens * shape.topk();
    double skew = BusiestRank.exponent(shape.skew());
    double least = BusiestRank.least(visits, experts);
    double most = BusiestRank.most(visits, experts, tokens);
    double meanLoad = visits / experts;
    double scale = meanLoad / BusiestRank.mean(skew, least, most);
    double tilt = BusiestRank.tilt(experts, shape.ep());
    double idle = Math.pow(BusiestRank.unvisited(skew, least, most, scale, meanLoad), tilt);
    double used = Math.max(1, experts / shape.ep() * (1 - idle));
    double low = Math.pow(least, 1 - skew);
    double span = Math.pow(most, 1 - skew) - low;
    double sum = 0;
    for (int point = 0; point < BusiestRank.POINTS; point++) {
      sum += BusiestRank.load(point, idle, tilt, low, span, skew, scale);
    }
    double drawn = used * sum / BusiestRank.POINTS;
    // One rank has all visits; the busiest of several at most all of them.
    double correction = shape.ep() == 1 ? visits / drawn : Math.min(1, visits / drawn);
    double ruled = ruledRows(shape);
    double ofRuled = 0;
    double of16 = 0;
    double of32 = 0;
    double of64 = 0;
    double of128 = 0;
    for (int point = 0; point < BusiestRank.POINTS; point++) {
      double load =
          Math.max(1, correction * BusiestRank.load(point, idle, tilt, low, span, skew, scale));
      if (ruled > 0) {
        ofRuled += tiles(load, ruled);
        continue;
      }
      of16 += tiles(load, 16);
      of32 += tiles(load, 32);
      of64 += tiles(load, 64);
      of128 += tiles(load, 128);
    }
    double each = used / BusiestRank.POINTS;
    return seconds(
        shape,
        used,
        Math.max(used, drawn * correction),
        ruled,
        each * ofRuled,
        each * of16,
        each * of32,
        each * of64,
        each * of128);
  }

  /**
   * Rows of a tile where a rule sets them: the power of two above the tokens of the call, all
   * ranks' together, over the experts of this rank. 0 where the best of all tiles is taken.
   */
  private double ruledRows(MoeShape shape) {
    if (shape.kernel() != ExpertKernel.MIN_LATENCY && !format.tileFollowsTokens()) {
      return 0;
    }
    double load = (double) shape.tokens() * shape.topk() / ((double) shape.experts() / shape.ep());
    double most = format.inputBytes() < 2 ? MOST_RULED_ROWS : MOST_RULED_WIDE_ROWS;
    double rows = LEAST_RULED_ROWS;
    while (rows < most && rows < load * (1 - 1e-9)) {
      rows *= 2;
    }
    return rows;
  }

  private static double tiles(double load, double rows) {
    return Math.ceil(load / rows - 1e-9);
  }

  private double seconds(
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
    double weights = used * hidden * (outputs + inner) * format.weightBytes();
    double rowBytes = rows * (hidden + outputs) * ROW_BYTES;
    double warmRows = hit(rowBytes);
    double warmWeights = warm ? hit(weights + rowBytes) : 0;
    double tokenBytes = 2.0 * shape.tokens() * hidden * ROW_BYTES;
    double moved =
        allTokens * tokenBytes + gather * rows * hidden * (2 * ROW_BYTES + format.inputBytes());
    return launchSeconds
        + (double) shape.experts() / shape.ep() * expertSeconds
        + (double) shape.tokens() * shape.topk() * visitSeconds
        + moved * (warmRows / cacheBytesPerSecond + (1 - warmRows) / memoryBytesPerSecond)
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
    double weights = used * outputs * inputs * format.weightBytes();
    double moved = atProducts * rows * (outputs * ROW_BYTES + inputs * format.inputBytes());
    double cached = weights * warmWeights + moved * warmRows;
    double trafficSeconds =
        (weights + moved - cached) / memoryBytesPerSecond + cached / cacheBytesPerSecond;
    if (ruled > 0) {
      double rate = ruled < 128 ? Math.pow(ruled / 128, tileExponent) : 1;
      return tiled(ofRuled, ruled, rate, outputs, inputs, trafficSeconds);
    }
    double best = tiled(of16, 16, rate16, outputs, inputs, trafficSeconds);
    best = Math.min(best, tiled(of32, 32, rate32, outputs, inputs, trafficSeconds));
    best = Math.min(best, tiled(of64, 64, rate64, outputs, inputs, trafficSeconds));
    return Math.min(best, tiled(of128, 128, 1, outputs, inputs, trafficSeconds));
  }

  private double tiled(
      double rowTiles,
      double tileRows,
      double rate,
      double outputs,
      double inputs,
      double trafficSeconds) {
    double tiles = rowTiles * Math.ceil(outputs / TILE_COLUMNS);
    // Half a wave is lost at the end on average, and there is never less than one.
    double waves = Math.max(1, tiles / silicon.multiprocessors() + 0.5);
    double multiply = 2 * TILE_COLUMNS * tileRows * inputs / (rate * tileFlopsPerSecond);
    double load =
        inputs
            * (TILE_COLUMNS * format.weightBytes() + tileRows * format.inputBytes())
            / loadBytesPerSecond;
    double tileSeconds = Math.max(multiply + waveSeconds, load);
    return powerMean(waves * tileSeconds, trafficSeconds);
  }

  private double powerMean(double one, double other) {
    double larger = Math.max(one, other);
    double ratio = Math.min(one, other) / larger;
    return larger * Math.pow(1 + Math.pow(ratio, blend), 1 / blend);
  }
}
