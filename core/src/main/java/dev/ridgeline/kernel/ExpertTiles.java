package dev.ridgeline.kernel;

/**
 * What the busiest rank gets of a layer of experts: experts in use, rows, and the tiles that these
 * rows are cut into. All of it follows from the shape alone; no constant and no chip changes it.
 */
final class ExpertTiles {
  private static final double LEAST_RULED_ROWS = 8;
  private static final double MOST_RULED_ROWS = 256;

  /** With 16-bit inputs. */
  private static final double MOST_RULED_WIDE_ROWS = 128;

  private ExpertTiles() {}

  /** Takes the figures and answers with a time; a call instead of a record, so nothing is made. */
  @FunctionalInterface
  interface Reader {

    /**
     * Reads the figures.
     *
     * @param used experts in use on the rank
     * @param rows that they get
     * @param ruled rows of a tile where a rule sets them; 0 where the best of all tiles is taken
     * @param ofRuled tiles of so many rows; 0 where no rule sets them
     * @param of16 tiles of 16 rows
     * @param of32 of 32
     * @param of64 of 64
     * @param of128 of 128
     */
    double of(
        MoeShape shape,
        double used,
        double rows,
        double ruled,
        double ofRuled,
        double of16,
        double of32,
        double of64,
        double of128);
  }

  /** What the reader makes of the figures of a shape. */
  static double of(MoeShape shape, Reader reader) {
    return shape.skew() == 0 ? balanced(shape, reader) : skewed(shape, reader);
  }

  private static double balanced(MoeShape shape, Reader reader) {
    double experts = (double) shape.experts() / shape.ep();
    double rows = Math.max(1, (double) shape.tokens() * shape.topk() / shape.ep());
    double used = Math.min(experts, rows);
    double load = rows / used;
    double ruled = ruledRows(shape);
    return reader.of(
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

  private static double skewed(MoeShape shape, Reader reader) {
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
    return reader.of(
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
  private static double ruledRows(MoeShape shape) {
    ExpertFormat format = shape.format();
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
}
