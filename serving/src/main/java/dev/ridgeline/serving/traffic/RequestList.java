package dev.ridgeline.serving.traffic;

import dev.ridgeline.events.Nanos;
import java.util.Arrays;

/**
 * Requests kept in memory, to be sent again and again at other rates: what differs between two runs
 * is then the rate alone (common random numbers, Law, Simulation Modeling and Analysis, 5th
 * edition, section 11.2).
 */
public final class RequestList {
  private double[] units = new double[1024];
  private int[] inputs = new int[1024];
  private int[] outputs = new int[1024];
  private int size;

  /** No requests yet. */
  public RequestList() {}

  /**
   * Adds a request.
   *
   * @param unit when it comes, in mean gaps between requests; no earlier than the one before
   * @param inputTokens at least 1
   * @param outputTokens at least 1
   */
  public void add(double unit, int inputTokens, int outputTokens) {
    boolean inOrder = unit >= (size == 0 ? 0 : units[size - 1]);
    if (!inOrder || inputTokens < 1 || outputTokens < 1) {
      throw new IllegalArgumentException(
          "a request at %s of %d and %d tokens".formatted(unit, inputTokens, outputTokens));
    }
    if (size == units.length) {
      units = Arrays.copyOf(units, 2 * size);
      inputs = Arrays.copyOf(inputs, 2 * size);
      outputs = Arrays.copyOf(outputs, 2 * size);
    }
    units[size] = unit;
    inputs[size] = inputTokens;
    outputs[size] = outputTokens;
    size++;
  }

  /** How many. */
  public int size() {
    return size;
  }

  /**
   * Those that come within some time at a rate, from the first on.
   *
   * @param perSecond requests a second, above 0; infinite to send all at once
   * @param seconds no request comes later
   */
  public ArrivalSource at(double perSecond, double seconds) {
    return new ArrivalSource() {
      private int next;

      @Override
      public boolean next(Arrival into) {
        if (next == size || units[next] / perSecond > seconds) {
          return false;
        }
        into.timeNanos = Nanos.of(units[next] / perSecond);
        into.inputTokens = inputs[next];
        into.outputTokens = outputs[next];
        next++;
        return true;
      }
    };
  }
}
