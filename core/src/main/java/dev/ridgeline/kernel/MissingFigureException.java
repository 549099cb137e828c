package dev.ridgeline.kernel;

/** A platform does not state a figure that a kernel's time depends on. */
public final class MissingFigureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String figure;

  /**
   * @param platform whose figure is missing
   * @param figure path in the chip's file, such as {@code memory.l2.capacity}
   */
  public MissingFigureException(String platform, String figure) {
    super("%s states no %s".formatted(platform, figure));
    this.figure = figure;
  }

  /** Path in the chip's file. */
  public String figure() {
    return figure;
  }
}
