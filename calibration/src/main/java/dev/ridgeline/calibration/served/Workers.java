package dev.ridgeline.calibration.served;

import dev.ridgeline.calibration.served.ServedRow.Sizes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What rows with prompts and decoding apart leave out. The table lists most of them without the
 * number of workers, and then with the experts' ranks of the prefill workers on both sides; some of
 * these are a second listing of a run that is there in full. Those that are not cannot be
 * simulated: nothing says how many devices served, and many answer two or three times as fast as
 * the same run in full, which is speculation that nothing says either.
 */
final class Workers {
  /** Sequences up to which engines' limits are powers of two; larger ones are multiples of it. */
  private static final int COARSE = 256;

  private final Map<String, Integer> mostInFlight = new HashMap<>();
  private final Set<String> listed = new HashSet<>();

  Workers(List<ServedRow> rows) {
    for (ServedRow row : rows) {
      if (row.disaggregated() && recorded(row)) {
        listed.add(run(row) + row.concurrency() + " " + row.ttftSeconds());
        mostInFlight.merge(deployment(row), row.concurrency(), Integer::max);
      }
    }
  }

  /** Whether a row says how many workers there were. */
  static boolean recorded(ServedRow row) {
    return row.prefill().workers() > 0 && row.both().workers() > 0;
  }

  private static String run(ServedRow row) {
    return "%s %s %s %s %s %d/%d %d:%d "
        .formatted(
            row.day(),
            row.backend(),
            row.version(),
            row.system(),
            row.precision(),
            row.inputTokens(),
            row.outputTokens(),
            row.prefill().devices(),
            row.both().devices());
  }

  private static String deployment(ServedRow row) {
    return run(row) + row.prefill() + row.both();
  }

  /** Whether the same run is in the table a second time, with its workers. */
  boolean listedAgain(ServedRow row) {
    return listed.contains(run(row) + row.concurrency() + " " + row.ttftSeconds());
  }

  /**
   * Sequences that a rank of a decode worker takes at once. TensorRT-LLM is started with a limit
   * for which its graphs are captured; the table does not have it. One deployment serves several
   * concurrencies, and a limit below the largest of them is what makes requests wait: it is taken
   * as the power of two (beyond 256 the multiple of 256) at or below the requests that the largest
   * leaves to a rank.
   */
  int sequences(ServedRow row) {
    if (!row.backend().equals("trtllm")) {
      return ServedCase.USUAL_SEQUENCES;
    }
    Sizes sizes = row.both();
    int most = Math.max(row.concurrency(), mostInFlight.getOrDefault(deployment(row), 0));
    int ofRank = Math.max(1, most / (sizes.workers() * Math.max(1, sizes.attentionData())));
    return ofRank < COARSE ? Integer.highestOneBit(ofRank) : ofRank / COARSE * COARSE;
  }
}
