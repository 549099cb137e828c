package dev.ridgeline.calibration;

import dev.ridgeline.catalog.profile.Profile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Fits every variant of a table, two at a time, and makes a profile of them. */
public final class ProfileFit {
  private static final int THREADS = 2;

  /** Hears how the fit of a profile goes on; called from several threads, one at a time. */
  public interface Listener {
    /** A variant's search goes on. */
    void progress(String variant, int evaluations, double loss);

    /** A variant is done. */
    void done(String variant, Profile.Variant fitted);
  }

  private ProfileFit() {}

  /**
   * Fits the variants.
   *
   * @param starts constants to start from beside the typical ones
   * @param known variants fitted before with the same settings, which are judged but not searched
   * @param listener to hear of progress
   * @return what came of each, in order of their names
   */
  public static <S> SequencedMap<String, Calibration.Outcome> run(
      Calibration<S> calibration,
      Measurements<S> measurements,
      Starts starts,
      Map<String, Profile.Variant> known,
      Listener listener) {
    List<String> variants = Calibration.variants(measurements, calibration.data());
    Object turn = new Object();
    List<Future<Calibration.Outcome>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      for (String variant : variants) {
        Optional<Profile.Variant> before = Optional.ofNullable(known.get(variant));
        running.add(
            threads.submit(() -> {
              Calibration.Outcome outcome =
                  before
                      .map(found -> calibration.outcome(measurements, variant, found))
                      .orElseGet(() -> {
                        Fitter.Progress progress =
                            (done, loss) -> {
                              synchronized (turn) {
                                listener.progress(variant, done, loss);
                              }
                            };
                        return calibration.fit(
                            measurements,
                            variant,
                            starts.of(calibration.table().family(), variant),
                            progress);
                      });
              synchronized (turn) {
                listener.done(variant, outcome.variant());
              }
              return outcome;
            }));
      }
      SequencedMap<String, Calibration.Outcome> outcomes = new LinkedHashMap<>();
      for (int i = 0; i < variants.size(); i++) {
        outcomes.put(variants.get(i), outcome(running.get(i), threads));
      }
      return outcomes;
    }
  }

  private static Calibration.Outcome outcome(
      Future<Calibration.Outcome> future, ExecutorService threads) {
    try {
      return future.get();
    } catch (ExecutionException failed) {
      threads.shutdownNow();
      throw failed.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failed);
    } catch (InterruptedException interrupted) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
