package dev.ridgeline.units.expression;

/** An expression that cannot be read, or has no value. Says why, not where. */
public final class ExpressionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Refuses for a reason, in words without a full stop. */
  public ExpressionException(String reason) {
    super(reason);
  }

  /** The reason. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
