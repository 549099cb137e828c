package dev.ridgeline.calibration.batch;

import dev.ridgeline.calibration.ErrorFigures;
import dev.ridgeline.calibration.SiliconValidation.Point;
import dev.ridgeline.calibration.SiliconValidation.Result;
import java.util.List;

/** Errors of runs to which nothing is fitted, with the band of their own residuals. */
final class OwnBand {
  private static final double LOWER_DECILE = 0.1;
  private static final String SOURCE = "as estimate --concurrency";

  private OwnBand() {}

  static Result result(String chip, String engine, String region, List<Point> runs) {
    var errors = new ErrorFigures.Collector();
    runs.forEach(run -> errors.add(run.predictedSeconds(), run.measuredSeconds()));
    double low = errors.measuredOverPredicted(LOWER_DECILE);
    double high = errors.measuredOverPredicted(1 - LOWER_DECILE);
    long inside =
        runs.stream()
            .mapToDouble(run -> run.measuredSeconds() / run.predictedSeconds())
            .filter(ratio -> ratio >= low && ratio <= high)
            .count();
    return new Result(
        BatchValidation.OPERATOR,
        chip,
        engine,
        region,
        true,
        SOURCE,
        errors.figures(),
        (double) inside / runs.size(),
        high / low);
  }
}
