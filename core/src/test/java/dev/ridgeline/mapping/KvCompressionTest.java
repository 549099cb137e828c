package dev.ridgeline.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ridgeline.testdomain.TestModels;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.Phase;
import dev.ridgeline.workload.StepFeatures;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** What a thinned cache stores, reads and computes, by hand for 16 query and 4 key/value heads. */
class KvCompressionTest {
  private static final Percentage EXACT = Percentage.withPercentage(1e-12);
  private static final int CACHED = 999;

  private static Program program(Model model, KvCompression compression) {
    return ProgramCompiler.compile(
        model,
        new Deployment(Parallelism.NONE, Precision.CHECKPOINT, Placement.MAIN, 0, compression));
  }

  private static Program dense(double keep, double read, double rank) {
    return program(TestModels.dense(), new KvCompression(keep, read, rank));
  }

  private static Operator operator(Program program, String name) {
    return program.rows().stream()
        .map(Row::operator)
        .filter(operator -> operator.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static double[] decodedToken(Program program) {
    StepFeatures step = new StepFeatures(program.features());
    step.add(Phase.DECODE, 1, 1, CACHED, 1);
    return step.values();
  }

  private static double cacheRead(Program program) {
    Demand demand = operator(program, "attention_decode").demand();
    return demand.traffic(Stream.KV_CACHE).at(decodedToken(program));
  }

  private static double attentionFlops(Program program) {
    Demand demand = operator(program, "attention_decode").demand();
    return demand.matrixFlops().at(decodedToken(program));
  }

  @Test
  void keepingLessStoresAndReadsLess() {
    Program program = dense(0.25, 1, 1);
    assertThat(program.cache().getFirst().sequenceBytes(4000))
        .isCloseTo(0.25 * 4000 * 8 * 2 * 256 * 2, EXACT);
    // A quarter of the 999 cached tokens, and the token itself.
    double attended = 0.25 * CACHED + 1;
    assertThat(cacheRead(program)).isCloseTo(attended * 2 * 256 * 2, EXACT);
    assertThat(attentionFlops(program)).isCloseTo(attended * 2 * 16 * (64 + 64), EXACT);
  }

  @Test
  void readingLessStoresAll() {
    Program program = dense(1, 0.1, 1);
    assertThat(program.cache().getFirst().sequenceBytes(4000))
        .isCloseTo(4000.0 * 8 * 2 * 256 * 2, EXACT);
    assertThat(cacheRead(program)).isCloseTo((0.1 * CACHED + 1) * 2 * 256 * 2, EXACT);
  }

  @Test
  void lowRankNarrowsCacheAndAttentionAndAddsItsBases() {
    Program program = dense(1, 1, 0.5);
    assertThat(program.cache().getFirst().bytesPerToken()).isCloseTo(8 * 2 * 4 * 32 * 2, EXACT);
    assertThat(attentionFlops(program)).isCloseTo((CACHED + 1.0) * 2 * 16 * (32 + 32), EXACT);
    double[] token = decodedToken(program);
    for (String basis : new String[] {"low_rank_in", "low_rank_out"}) {
      Operator operator = operator(program, basis);
      assertThat(operator.demand().matrixFlops().at(token))
          .isCloseTo(2.0 * (16 + 4) * 64 * 32, EXACT);
      assertThat(operator.residentWeightBytes()).isCloseTo(4 * 64 * 32 * 2.0, EXACT);
    }
    Program whole = dense(1, 1, 1);
    assertThat(program.weightBytes().getFirst() - whole.weightBytes().getFirst())
        .isCloseTo(8 * 2 * 4 * 64 * 32 * 2.0, EXACT);
  }

  @Test
  void promptsAttendToAllOfThemselves() {
    Program thin = dense(0.25, 0.5, 1);
    Program whole = dense(1, 1, 1);
    StepFeatures step = new StepFeatures(whole.features());
    step.add(Phase.PREFILL, 1, 1000, 0, 1);
    assertThat(operator(thin, "attention_prefill").demand().matrixFlops().at(step.values()))
        .isEqualTo(operator(whole, "attention_prefill").demand().matrixFlops().at(step.values()));
  }

  @Test
  void windowsStayAsTheyAre() {
    KvCompression half = new KvCompression(0.5, 1, 1);
    CacheFootprint thin = program(TestModels.windowed(), half).cache().getFirst();
    CacheFootprint whole = program(TestModels.windowed(), KvCompression.NONE).cache().getFirst();
    assertThat(thin.windowBytes()).isEqualTo(whole.windowBytes());
    assertThat(thin.bytesPerToken()).isEqualTo(whole.bytesPerToken() / 2);
  }

  @Test
  void compressionWithoutEffectIsRefused() {
    assertThatThrownBy(() -> program(TestModels.latent(), new KvCompression(1, 1, 0.5)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("kv-rank");
    assertThatThrownBy(() -> program(TestModels.stateSpace(), new KvCompression(0.5, 1, 1)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("kv-keep");
    assertThatThrownBy(() -> program(TestModels.sparse(), new KvCompression(1, 0.5, 1)))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("kv-read");
    assertThatThrownBy(() -> new KvCompression(0, 1, 1))
        .isInstanceOf(IllegalDeploymentException.class)
        .hasMessageContaining("above 0");
  }
}
