package dev.ridgeline.calibration.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.profile.EngineName;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.mapping.EngineOverheads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchValidationTest {
  private static final String VARIABLE = "RIDGELINE_REFERENCE";

  /** Runs are sampled at some of their steps, the command averages over all of them. */
  private static final double SAMPLING = 0.01;

  /** What stands for the releases of these runs. */
  private static final String RELEASES = "2024";

  private static Path measured() {
    Path root = Path.of(System.getProperty("ridgeline.root", ".."));
    Path folder =
        Path.of(
                System.getenv()
                    .getOrDefault(VARIABLE, root.resolve("../shared/reference").toString()))
            .resolve("measured");
    assumeTrue(Files.isDirectory(folder), "no measured runs; " + VARIABLE + " names their folder");
    return folder;
  }

  @TempDir private Path folder;

  /** What validate scores is what estimate answers. */
  @Test
  void theCommandAndTheValidationAgree() {
    Catalog catalog = Catalog.shipped();
    ScenarioResolver resolver = new ScenarioResolver(catalog).preferringKernels();
    int compared = 0;
    for (Run run : MeasuredRuns.read(measured(), catalog).runs()) {
      BatchRow row = run.expressed().row();
      boolean plain =
          row.line() % 97 == 0
              && row.part() == BatchRow.Part.WHOLE
              && row.chunk() >= row.inputTokens()
              && row.pipeline() == 1
              && !run.chip().contains(" ")
              && catalog.engineNames().contains(run.engine());
      if (plain) {
        EngineOverheads engine =
            catalog
                .profiles()
                .engines()
                .find(
                    new EngineName(run.engine(), Optional.of(RELEASES)),
                    run.expressed().scenario().platform().chip())
                .orElseThrow();
        Estimate answer =
            Estimator.estimate(
                resolver.resolve(ScenarioSpec.read("row", scenario(run, row))).scenario());
        assertThat(run.work().seconds(engine))
            .as("%s %s line %d", run.engine(), run.chip(), row.line())
            .isCloseTo(answer.endToEndSeconds(), within(SAMPLING * answer.endToEndSeconds()));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(5);
  }

  /**
   * No constant of a PCIe server is fitted to these runs. Kernels alone should come near them; the
   * box of the tables, in which eight cards reach a fifteenth of what two do, is four times slower.
   */
  @Test
  void aUsualServerOfCardsIsWhatPublishedRunsSawNotTheBoxOfTheTables() {
    List<Run> exchanging =
        MeasuredRuns.read(measured(), Catalog.shipped()).runs().stream()
            .filter(run -> run.chip().equals("l40s") && run.expressed().row().tensor() > 2)
            .toList();
    double error =
        exchanging.stream()
            .mapToDouble(
                run -> Math.abs(Math.log(run.work().seconds(EngineOverheads.NONE) / run.seconds())))
            .average()
            .orElseThrow();

    assertThat(exchanging).hasSizeGreaterThan(10);
    assertThat(Math.exp(error) - 1).isLessThan(0.2);
  }

  private static String scenario(Run run, BatchRow row) {
    String format = row.precision().equals("fp8") ? "fp8" : "bf16";
    return """
    schema_version: 1
    workload: {model: %s, input_tokens: %d, output_tokens: %d}
    platform: "%dx%s"
    engine: %s@2024
    deployment: {tp: %d, weights: %s, activations: %s, kv: %s}
    traffic: {batch: %d}
    """
        .formatted(
            run.model(),
            row.inputTokens(),
            row.outputTokens(),
            row.tensor(),
            run.chip(),
            run.engine(),
            row.tensor(),
            format,
            format,
            format,
            row.batch());
  }

  /** Of the median over groups, on models that no fit has seen. */
  @Test
  void unseenModelsStayWithinATenthInTheMedian() {
    var all =
        BatchValidation.of(measured(), Catalog.shipped()).report().results().stream()
            .filter(result -> result.region().equals(BatchValidation.UNSEEN_MODEL))
            .filter(result -> result.chip().equals("all chips"))
            .findFirst()
            .orElseThrow();

    assertThat(all.errors().median()).isLessThanOrEqualTo(0.10);
    assertThat(all.errors().p90()).isLessThanOrEqualTo(0.45);
  }

  @Test
  void offlineRunsTellWhyOthersAreLeftOut() throws IOException {
    Files.writeString(
        folder.resolve("mlperf_inference.csv"),
        """
        model_id,platform,framework,framework_version,scenario,precision_weights,devices,tp,pp,input_tokens,output_tokens,batch_or_concurrency,metric,value,notes,flag
        llama-2-70b,NVIDIA H200 SXM 141GB,"TensorRT 10.2.0, CUDA 12.4",,offline,fp8,8,,,294.45,301.1,,output_token_throughput,30000,,
        llama-2-70b,NVIDIA H200 SXM 141GB,"TensorRT 10.2.0, CUDA 12.4",,offline,fp8,16,,,294.45,301.1,,output_token_throughput,60000,,
        llama-2-70b,NVIDIA H200 SXM 141GB,"TensorRT 10.2.0, CUDA 12.4",,server,fp8,8,,,294.45,301.1,,output_token_throughput,29000,,
        llama-2-70b,Some Card,"TensorRT 10.2.0, CUDA 12.4",,offline,fp8,8,,,294.45,301.1,,output_token_throughput,29000,,
        llama-2-70b,NVIDIA H200 SXM 141GB,PyTorch,,offline,fp8,8,,,294.45,301.1,,output_token_throughput,29000,,
        llama-2-70b,AMD MI300X,vLLM 0.9,,offline,fp8,24,,,294.45,301.1,,output_token_throughput,90000,1x8x MI300X and 2x8x MI325X,
        """);

    OfflineRuns offline = OfflineRuns.read(folder, Catalog.shipped());

    assertThat(offline.runs()).hasSize(2);
    assertThat(offline.runs().get(1).predicted())
        .isCloseTo(2 * offline.runs().get(0).predicted(), within(1e-6));
    assertThat(offline.refused())
        .containsOnlyKeys(
            "a system of two kinds of chips",
            "chip Some Card",
            "precision or engine is not stated");
    assertThat(offline.results()).extracting(result -> result.chip()).contains("all chips");
  }

  /** What is stated is taken as it is: mapping, devices and release. */
  @Test
  void aBenchmarksMappingAndReleaseAreThoseStated() throws IOException {
    Files.writeString(
        folder.resolve("tensorrt_llm_docs.csv"),
        """
        model_id,platform,framework,framework_version,scenario,precision_weights,devices,tp,pp,input_tokens,output_tokens,batch_or_concurrency,metric,value,notes,flag
        llama-3-8b,NVIDIA H100 SXM 80GB,TensorRT-LLM,1.0,offline,fp8,1,1,1,1000,1000,,output_token_throughput,10000,,
        llama-3-8b,NVIDIA H100 SXM 80GB,TensorRT-LLM,1.0,offline,fp8,8,8,1,1000,1000,,output_token_throughput,10000,,
        llama-3-8b,NVIDIA H100 SXM 80GB,TensorRT-LLM,0.9.0,offline,fp8,1,1,1,1000,1000,64,output_token_throughput,10000,,
        """);

    OfflineRuns offline = OfflineRuns.read(folder, Catalog.shipped());

    assertThat(offline.runs()).hasSize(2);
    OfflineRuns.Run alone = offline.runs().get(0);
    OfflineRuns.Run split = offline.runs().get(1);
    assertThat(alone.row().engine()).isEqualTo("tensorrt-llm@1.0");
    // Copies would give eight times the tokens; ranks that wait for each other do not.
    assertThat(split.predicted()).isBetween(alone.predicted(), 8 * alone.predicted());
    assertThat(offline.results())
        .extracting(result -> result.region())
        .containsOnly("full queue, mapping stated");
  }

  @Test
  void runsUnderLoadAreReadWithTheirMappingAndEnergy() throws IOException {
    Files.writeString(
        folder.resolve("ml_energy_v3.csv"),
        """
        model_id,platform,devices,tp,ep,precision_weights,output_tokens,batch_or_concurrency,metric,value,notes,flag
        llama-3.1-8b,NVIDIA H100 SXM 80GB,1,1,1,bf16,400,15.6,itl_median,9,task=lm-arena-chat; dp=1; x,
        llama-3.1-8b,NVIDIA H100 SXM 80GB,1,1,1,bf16,400,15.6,energy_per_output_token,0.3,task=lm-arena-chat; dp=1; x,
        qwen3-30b-a3b,NVIDIA H100 SXM 80GB,8,1,8,bf16,400,64,itl_median,20,task=gpqa; dp=8; x,
        llama-3.1-8b,NVIDIA H100 SXM 80GB,1,1,1,bf16,400,16,itl_median,9,task=image-chat; dp=1; x,
        llama-3.1-8b,Some Card,1,1,1,bf16,400,16,itl_median,9,task=gpqa; dp=1; x,
        """);

    LoadedRuns loaded = LoadedRuns.read(folder, Catalog.shipped());

    assertThat(loaded.runs()).hasSize(2);
    LoadedRow alone = loaded.runs().get(0).row();
    assertThat(alone.requests()).isEqualTo(16);
    assertThat(alone.tokenSeconds()).isCloseTo(9e-3, within(1e-12));
    assertThat(alone.tokenJoules()).hasValue(0.3);
    LoadedRow dealt = loaded.runs().get(1).row();
    assertThat(List.of(dealt.tensor(), dealt.attentionData(), dealt.expert()))
        .containsExactly(1, 8, 8);
    assertThat(loaded.refused()).containsOnlyKeys("chip Some Card");
    assertThat(loaded.results())
        .extracting(result -> result.region() + " " + result.errors().rows())
        .contains(LoadedRuns.TIMES + " 2", LoadedRuns.ENERGIES + " 1");
  }

  /** Runs of whole systems, none of which a constant was fitted to. */
  @Test
  void fullQueuesArePredictedWithoutAFit() {
    var kinds =
        OfflineRuns.read(measured(), Catalog.shipped()).results().stream()
            .filter(result -> result.chip().equals("all chips"))
            .toList();

    assertThat(kinds).hasSize(2);
    assertThat(kinds)
        .allSatisfy(kind -> {
          assertThat(kind.errors().median()).isLessThanOrEqualTo(0.30);
          assertThat(kind.errors().p90()).isLessThanOrEqualTo(1.0);
        });
  }

  /** How much less chips of unmeasured kernels reach was taken from these rows, each chip alike. */
  @Test
  void submissionsOnChipsOfUnmeasuredKernelsAreMetOnAverage() {
    List<Double> biases =
        OfflineRuns.read(measured(), Catalog.shipped()).results().stream()
            .filter(result -> result.chip().startsWith("mi3"))
            .map(result -> Math.log1p(result.errors().bias()))
            .toList();

    assertThat(biases).hasSize(3);
    assertThat(biases.stream().mapToDouble(bias -> bias).average().orElseThrow())
        .isCloseTo(0, within(0.15));
    assertThat(biases).allSatisfy(bias -> assertThat(bias).isCloseTo(0, within(0.3)));
  }
}
