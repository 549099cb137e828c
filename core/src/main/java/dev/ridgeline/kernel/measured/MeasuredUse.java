package dev.ridgeline.kernel.measured;

/** How often measured rows answered for an operator, and how often they had to be left. */
public final class MeasuredUse {
  private boolean inside;
  private boolean outside;

  /** Notes that a shape lay inside the hull of the rows, or outside. */
  void note(boolean lay) {
    inside |= lay;
    outside |= !lay;
  }

  /** Whether any shape lay inside. */
  public boolean inside() {
    return inside;
  }

  /** Whether any shape lay outside. */
  public boolean outside() {
    return outside;
  }
}
