package dev.ridgeline.catalog.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.document.ScalarNode;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.estimate.Speculation;
import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.KvCompression;
import dev.ridgeline.mapping.Offload;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.NumberFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioSpecTest {
  private static final String USUAL =
      """
      schema_version: 1
      workload: {model: llama-3.1-8b, use_case: chat}
      platform: 2xh100-sxm
      """;

  private static ResolvedScenario resolve(String text) {
    return resolve(ScenarioSpec.read("s.yaml", text));
  }

  private static ResolvedScenario resolve(ScenarioSpec spec) {
    return new ScenarioResolver(Catalog.shipped()).resolve(spec);
  }

  private static Problem refusal(String text) {
    return catchThrowableOfType(InputException.class, () -> resolve(text)).problem();
  }

  @Test
  void fillsInWhatIsLeftOpen() {
    ResolvedScenario resolved = resolve(USUAL);
    Scenario scenario = resolved.scenario();

    assertThat(scenario.deployment().parallelism()).isEqualTo(Parallelism.tensor(2));
    assertThat(scenario.traffic().batch()).isEqualTo(1);
    assertThat(scenario.costModels()).containsExactly(Roofline.IDEAL);
    assertThat(resolved.useCase()).contains("chat");
    assertThat(resolved.defaults()).hasSize(3);
  }

  @Test
  void readsEveryField() {
    Scenario scenario =
        resolve(
                """
                schema_version: 1
                workload: {model: mixtral-8x7b, input_tokens: 10, output_tokens: 20, beams: 2}
                platform: 8xh100-sxm
                deployment: {tp: 2, pp: 2, ep: 2, dp: 2, precision: fp8, kv: checkpoint,
                             weights_tier: hbm, routing_skew: 0.25}
                engine: vllm
                traffic: {concurrency: 8}
                objectives: {ttft: 150 ms, tpot: 7 ms}
                price: {value: 1.5 USD/h, source: a contract}
                tier: floor
                """)
            .scenario();

    assertThat(scenario.deployment().parallelism()).isEqualTo(new Parallelism(2, 2, 2, 2, 1, 1));
    assertThat(scenario.deployment().precision().weights()).contains(NumberFormat.FP8);
    assertThat(scenario.deployment().precision().kv()).isEmpty();
    assertThat(scenario.deployment().routingSkew()).isEqualTo(0.25);
    assertThat(scenario.engine().name()).isEqualTo("vllm");
    assertThat(scenario.traffic().concurrency()).hasValue(8);
    assertThat(scenario.objectives().ttft()).contains(Seconds.parse("150 ms"));
    assertThat(scenario.platform().priceSource()).isEqualTo("a contract");
    assertThat(scenario.costModels()).containsExactly(Roofline.FLOOR);
  }

  @Test
  void whatItWritesItReads() {
    ResolvedScenario once = resolve(USUAL);
    ResolvedScenario twice = resolve(ScenarioText.yaml(once));

    assertThat(twice.scenario()).isEqualTo(once.scenario());
    assertThat(twice.defaults()).isEmpty();
    assertThat(ScenarioText.yaml(twice)).isEqualTo(ScenarioText.yaml(once));
  }

  @Test
  void readsDraftsAsTreesAndTables() {
    Speculation tree =
        resolve(USUAL + "speculation: {tokens: 3, acceptance: 0.5, candidates: [4, 2, 1]}\n")
            .scenario()
            .speculation()
            .orElseThrow();
    assertThat(tree.verifiedTokens()).isEqualTo(1 + 4 + 8 + 8);
    // 1 - 0.5^4, 1 - 0.5^2 and 0.5, each reached through those before it.
    assertThat(tree.expectedTokens()).isEqualTo(1 + 0.9375 + 0.9375 * 0.75 + 0.9375 * 0.75 * 0.5);
    assertThat(tree.sharesTables()).isTrue();
    Speculation table =
        resolve(
                USUAL
                    + "speculation: {acceptance: [[0.6, 0.2], [0.5]], draft: llama-3.2-1b,"
                    + " draft_tp: 1}\n")
            .scenario()
            .speculation()
            .orElseThrow();
    assertThat(table.verifiedTokens()).isEqualTo(1 + 2 + 2);
    assertThat(table.expectedTokens()).isEqualTo(1 + 0.8 + 0.8 * 0.5);
    assertThat(table.deployment().parallelism()).isEqualTo(Parallelism.NONE);
  }

  @Test
  void ownModelsGoBeforeThoseOfTheCatalog() {
    Catalog catalog = Catalog.shipped();
    Model own = catalog.model("llama-3.2-1b").withName("of a paper");
    ScenarioResolver resolver = new ScenarioResolver(catalog, Map.of("ours", own));
    String text = USUAL.replace("llama-3.1-8b", "ours");
    Scenario scenario =
        resolver
            .resolve(
                ScenarioSpec.read(
                    "s.yaml", text + "speculation: {tokens: 2, acceptance: 0.5, draft: ours}\n"))
            .scenario();
    assertThat(scenario.model()).isSameAs(own);
    assertThat(scenario.speculation().orElseThrow().model()).isSameAs(own);
  }

  @Test
  void offloadAndCompressionAreReadAndWritten() {
    ResolvedScenario once =
        resolve(
            """
            schema_version: 1
            workload: {model: llama-3.1-8b, use_case: chat}
            platform: 1xh100-sxm
            deployment: {offload_weights: 0.25, offload_kv: 0.5@nvme, prefetch: false,
                         kv_keep: 0.5, kv_read: 0.25, kv_rank: 0.75}
            """);
    Deployment deployment = once.scenario().deployment();

    assertThat(deployment.placement().offloadedWeights()).contains(new Offload(0.25, "host"));
    assertThat(deployment.placement().offloadedKv()).contains(new Offload(0.5, "nvme"));
    assertThat(deployment.placement().prefetch()).isFalse();
    assertThat(deployment.kvCompression()).isEqualTo(new KvCompression(0.5, 0.25, 0.75));
    assertThat(resolve(ScenarioText.yaml(once)).scenario()).isEqualTo(once.scenario());
  }

  @Test
  void prefetchWithoutOffloadIsRefused() {
    assertThatThrownBy(() ->
            resolve(
                """
                schema_version: 1
                workload: {model: llama-3.1-8b, use_case: chat}
                platform: 1xh100-sxm
                deployment: {prefetch: false}
                """))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nothing is offloaded");
  }

  @Test
  void laterWordsReplaceWhatTheySet() {
    ScenarioSpec base =
        ScenarioSpec.read(
            "s.yaml",
            """
            schema_version: 1
            workload: {model: llama-3.1-8b, use_case: chat, input_tokens: 5, beams: 3}
            platform: 2xh100-sxm
            deployment: {tp: 2, weights: int4}
            traffic: {batch: 9}
            objectives: {ttft: 9 s}
            price: 9 USD/h
            """);
    ScenarioSpec changes =
        ScenarioSpec.empty()
            .with("workload", "use_case", "--use-case", "qa", ScalarNode.Kind.STRING)
            .with("deployment", "precision", "--precision", "fp8", ScalarNode.Kind.STRING)
            .with("deployment", "pp", "--pp", "2", ScalarNode.Kind.NUMBER)
            .with("traffic", "concurrency", "--concurrency", "4", ScalarNode.Kind.NUMBER)
            .with("", "platform", "--on", "4xh200-sxm", ScalarNode.Kind.STRING);

    Scenario scenario = resolve(changes.over(base)).scenario();

    assertThat(scenario.traffic().inputTokens()).isEqualTo(1000);
    assertThat(scenario.traffic().beams()).isEqualTo(1);
    assertThat(scenario.traffic().concurrency()).hasValue(4);
    assertThat(scenario.deployment().parallelism()).hasToString("tp2 pp2");
    assertThat(scenario.deployment().precision().weights()).contains(NumberFormat.FP8);
    assertThat(scenario.objectives().ttft()).contains(Seconds.parse("200 ms"));
    assertThat(scenario.platform().price().orElseThrow().value()).isNotEqualTo(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "deployment: {tp: 0}                  | deployment.tp",
        "deployment: {tp: 1.5}                | deployment.tp",
        "deployment: {precision: fp7}         | deployment.precision",
        "deployment: {presicion: fp8}         | deployment.presicion",
        "deployment: 8                        | deployment",
        "traffic: {batch: 1, concurrency: 2}  | traffic.concurrency",
        "traffic: {batch: .nan}               | traffic.batch",
        "objectives: {ttft: 200}              | objectives.ttft",
        "objectives: {ttft: 0 ms}             | objectives.ttft",
        "price: 3                             | price",
        "tier: exact                          | tier",
        "speculation: {tokens: 4}             | speculation.acceptance",
        "speculation: {acceptance: []}        | speculation.acceptance",
        "speculation: {acceptance: 0.5, candidates: [2, 2]} | speculation.candidates",
        "speculation: {acceptance: 0.5, draft: llama-3.2-1b, draft_layers: 2} | speculation.draft_layers",
        "traffic: {chunk: 0}                  | traffic.chunk",
        "engine: vlm                          | engine",
        "colour: red                          | colour",
        "deployment: {dp: 1000000, cp: 1000000} | deployment",
      })
  void refusalsNameFileLineAndField(String line, String field) {
    Problem problem = refusal(USUAL + line + "\n");

    assertThat(problem.file()).contains("s.yaml");
    assertThat(problem.line()).hasValue(4);
    assertThat(problem.field()).isEqualTo(field);
  }

  @Test
  void unknownNamesAreRefusedWhereTheyStand() {
    Problem platform = refusal(USUAL.replace("h100-sxm", "h10-sxm"));
    assertThat(platform.line()).hasValue(3);
    assertThat(platform.field()).isEqualTo("platform");
    assertThat(platform.suggestions()).contains("2xh100-sxm");

    Problem model = refusal(USUAL.replace("llama-3.1-8b", "lama-3.1-8b"));
    assertThat(model.line()).hasValue(2);
    assertThat(model.field()).isEqualTo("workload.model");

    assertThat(refusal("schema_version: 3\n").field()).isEqualTo("schema_version");
    assertThat(refusal("platform: h100-sxm\n").field()).isEqualTo("schema_version");
    assertThat(refusal("schema_version: 1\nplatform: h100-sxm\n").field())
        .isEqualTo("workload.model");
    assertThat(
            refusal(
                    """
                    schema_version: 1
                    workload: {model: llama-3.1-8b, input_tokens: 4}
                    platform: h100-sxm
                    """)
                .description())
        .contains("length");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "chat        | chat",
        "a b         | \"a b\"",
        "8xh100-sxm  | \"8xh100-sxm\"",
        "true        | \"true\"",
        "a\"b\\c     | \"a\\\"b\\\\c\"",
        "``          | \"\"",
      })
  void textsAreQuotedWhereYamlNeedsIt(String text, String yaml) {
    assertThat(ScenarioText.quoted(text)).isEqualTo(yaml);
  }
}
