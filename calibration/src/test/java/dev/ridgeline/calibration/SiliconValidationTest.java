package dev.ridgeline.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.ridgeline.calibration.SiliconValidation.Result;
import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.kernel.FittedConstants;
import dev.ridgeline.kernel.KernelProfiles;
import dev.ridgeline.platform.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiliconValidationTest {
  private static final Platform H100 = Catalog.shipped().platform("h100-sxm");
  private static final KernelProfiles TRUTH =
      (_, _, _) ->
          Optional.of(new FittedConstants(new double[] {1e-6, 2, 0.8}, 0.9, 1.1, "kernel:truth"));

  @TempDir private Path folder;

  /** Copies that follow the law, every so many of them ten times too slow. */
  private List<Result> results(int slowOneIn) throws IOException {
    var text = new StringBuilder("dtype,bytes,latency_us\n");
    for (int i = 1; i <= 2000; i++) {
      long bytes = 100_000L * i;
      double micros = 1 + 1e6 * bytes / (0.8 * 3.35e12);
      text.append("fp16,%d,%s\n".formatted(bytes, i % slowOneIn == 0 ? 10 * micros : micros));
    }
    Path table = Files.writeString(folder.resolve("copy.csv"), text);
    return SiliconValidation.run(Copying.TABLE, H100, TRUTH, table).results();
  }

  @Test
  void tellsErrorsWithAndWithoutCallsThatLargerOnesBeat() throws IOException {
    List<Result> results = results(20);

    assertThat(results)
        .extracting(Result::region)
        .containsExactly("all", "without calls 1.5 times as long as larger ones");
    assertThat(results.getFirst().errors().geo()).isGreaterThan(0.1);
    // The longest calls of all have no larger ones to be held against.
    assertThat(results.getLast().errors().geo()).isCloseTo(0, within(0.01));
    assertThat(results.getLast().errors().rows()).isLessThan(results.getFirst().errors().rows());
  }

  @Test
  void aTableWithFewOfThemIsCountedWhole() throws IOException {
    assertThat(results(1000)).extracting(Result::region).containsExactly("all");
  }
}
