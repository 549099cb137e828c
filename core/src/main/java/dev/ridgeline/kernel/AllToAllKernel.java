package dev.ridgeline.kernel;

import dev.ridgeline.kernel.AllToAllShape.Library;
import dev.ridgeline.kernel.AllToAllShape.Operation;

/** See {@link AllToAllFamily}. */
final class AllToAllKernel implements Kernel<AllToAllShape> {
  /** An index of an expert, which is all that is sent to prepare. */
  private static final double INDEX_BYTES = 4;

  /** Beyond so many, draws are taken as independent. */
  private static final double MANY_DRAWS = 256;

  private final Fabric fabric;
  private final int multiprocessors;
  private final double launch;
  private final double rank;
  private final double expert;
  private final double link;
  private final double multiprocessorBytesPerSecond;
  private final double copySeconds;
  private final double blend;
  private final double join;
  private final double serveBytesPerSecond;
  private final double skip;

  AllToAllKernel(Fabric fabric, int multiprocessors, double clockHertz, double[] constants) {
    this.fabric = fabric;
    this.multiprocessors = multiprocessors;
    launch = constants[0];
    rank = constants[1];
    expert = constants[2];
    link = constants[3];
    multiprocessorBytesPerSecond = constants[4] * clockHertz;
    copySeconds = constants[5] / clockHertz;
    blend = constants[6];
    join = constants[7];
    serveBytesPerSecond = constants[8] * clockHertz;
    skip = constants[9];
  }

  @Override
  public double seconds(AllToAllShape shape) {
    double ep = shape.ep();
    double fixed = launch + rank * (ep - 1) + expert * shape.experts();
    double transfer = transfer(shape);
    double larger = Math.max(fixed, transfer);
    double ratio = Math.min(fixed, transfer) / larger;
    return larger * Math.pow(1 + Math.pow(ratio, join), 1 / join);
  }

  private double transfer(AllToAllShape shape) {
    double ep = shape.ep();
    boolean prepares = shape.operation() == Operation.PREPARE;
    boolean servesExperts = shape.library() == Library.DEEPEP_LOW_LATENCY;
    boolean everyExpert = servesExperts || shape.operation() == Operation.COMBINE_LOW_PRECISION;
    double copies =
        prepares ? 1 : everyExpert ? shape.topk() : visited(shape.experts(), shape.topk(), ep);
    double skipped = prepares || everyExpert ? 0 : skip * Math.max(0, ep - copies);
    double tokenBytes = prepares ? INDEX_BYTES * shape.topk() : shape.hidden() * shape.tokenBytes();
    double message = shape.tokens() * tokenBytes;
    double bytes = message * copies;
    double given =
        shape.multiprocessors() == 0
            ? multiprocessors
            : Math.min(multiprocessors, shape.multiprocessors());
    double outerShare =
        shape.library() == Library.DEEPEP_NORMAL
            ? visited(shape.experts(), shape.topk(), fabric.groups(ep)) / copies
            : 1;
    double links = ep == 1 ? 0 : bytes / ep * fabric.exchangeSecondsPerByte(ep, outerShare) / link;
    double copied = message * (copies + skipped) / (given * multiprocessorBytesPerSecond);
    double seconds = mean(links, copied);
    if (servesExperts) {
      seconds = mean(seconds, bytes / (shape.experts() * serveBytesPerSecond));
    }
    return seconds + shape.tokens() * copies * copySeconds / given;
  }

  /** Ranks that hold one of {@code perToken} distinct experts, in expectation. */
  static double visited(double experts, double perToken, double ranks) {
    double elsewhere = experts - experts / ranks;
    if (perToken > MANY_DRAWS) {
      return ranks * (1 - Math.pow(elsewhere / experts, perToken));
    }
    double none = 1;
    for (int draw = 0; draw < perToken && none > 1e-12; draw++) {
      none *= Math.max(0, elsewhere - draw) / (experts - draw);
    }
    return ranks * (1 - none);
  }

  private double mean(double one, double other) {
    double larger = Math.max(one, other);
    double ratio = Math.min(one, other) / larger;
    return larger * Math.pow(1 + Math.pow(ratio, blend), 1 / blend);
  }
}
