package dev.ridgeline.cli;

import dev.ridgeline.catalog.scenario.ResolvedScenario;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.catalog.scenario.ScenarioText;
import dev.ridgeline.cli.data.CsvPrinter;
import dev.ridgeline.cli.data.Data;
import dev.ridgeline.cli.data.EstimateData;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.SensitivityData;
import dev.ridgeline.cli.page.ComparisonPage;
import dev.ridgeline.cli.page.EstimatePage;
import dev.ridgeline.cli.page.Outcome;
import dev.ridgeline.cli.page.SensitivityPage;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.cost.Roofline;
import dev.ridgeline.estimate.Estimate;
import dev.ridgeline.estimate.Estimator;
import dev.ridgeline.estimate.InfeasibleException;
import dev.ridgeline.estimate.Sensitivity;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline estimate}: one configuration, or several side by side. */
final class EstimateCommand implements Command {
  private static final String CSV = "--csv";
  private static final String EXPLAIN = "--explain";
  private static final String SENSITIVITY = "--sensitivity";

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("estimate");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "Predicts latency, throughput, memory, energy and cost of a model on a platform.",
            "Several models or platforms, separated by commas, are shown side by side.")
        .footer(
            "",
            "Examples:",
            "  ridgeline estimate llama-3.1-70b --on 8xh100-sxm --use-case chat",
            "  ridgeline estimate ./config.json --on 4xl40s --input 2000 --output 300 --tp 4",
            "  ridgeline estimate llama-3.1-8b --on l40s,h100-sxm --use-case chat --json");
    SubjectOption.declareModel(command);
    SubjectOption.declarePlatform(command);
    ScenarioOption.declare(command);
    SubjectOption.declareScenario(command);
    HypotheticalOption.declare(command);
    command.addOption(OutputOption.flag(EXPLAIN, "List every operator."));
    command.addOption(
        OutputOption.flag(
            SENSITIVITY, "Tell what a tenth more of each figure changes, and where bounds flip."));
    OutputOption.declare(command);
    command.addOption(OutputOption.flag(CSV, "Answer in CSV, one row each."));
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    Style style = OutputOption.style(parsed, surroundings);
    boolean json = OutputOption.has(parsed, OutputOption.JSON);
    if (json && OutputOption.has(parsed, CSV)) {
      throw Problem.of("give one of --json and --csv").withField(CSV).exception();
    }
    List<ScenarioSpec> specs = SubjectOption.specs(parsed);
    for (ScenarioSpec spec : specs) {
      SubjectOption.requireModel(spec);
      SubjectOption.requirePlatform(spec);
      SubjectOption.requireLengths(spec);
    }
    ScenarioResolver resolver = MeasuredOption.resolver().preferringKernels();
    if (OutputOption.has(parsed, SubjectOption.PRINT_SCENARIO)) {
      if (specs.size() > 1) {
        requireOne(parsed, SubjectOption.PRINT_SCENARIO);
      }
      surroundings.out().print(ScenarioText.yaml(resolver.resolve(specs.getFirst())));
      return ExitCode.DONE;
    }
    if (specs.size() > 1) {
      requireOne(parsed, SENSITIVITY);
      return compare(parsed, surroundings, style, specs, resolver);
    }
    Outcome.Answered answer = answer(specs.getFirst(), resolver);
    Optional<Sensitivity> sensitivity =
        OutputOption.has(parsed, SENSITIVITY)
            ? Optional.of(Sensitivity.of(answer.estimate().scenario()))
            : Optional.empty();
    String text;
    if (json || OutputOption.has(parsed, CSV)) {
      Data.Fields plain = data(answer);
      Data.Fields all = sensitivity.map(s -> SensitivityData.with(plain, s)).orElse(plain);
      text = json ? JsonPrinter.print(all) : CsvPrinter.print(List.of(all));
    } else {
      text =
          EstimatePage.of(
                  style,
                  answer.estimate(),
                  answer.useCase(),
                  answer.assumptions(),
                  OutputOption.has(parsed, EXPLAIN))
              + sensitivity.map(s -> SensitivityPage.of(style, s)).orElse("");
    }
    surroundings.out().print(text);
    return ExitCode.DONE;
  }

  private static void requireOne(ParseResult parsed, String flag) {
    if (OutputOption.has(parsed, flag)) {
      throw Problem.of("needs one model and one platform").withField(flag).exception();
    }
  }

  private static int compare(
      ParseResult parsed,
      Surroundings surroundings,
      Style style,
      List<ScenarioSpec> specs,
      ScenarioResolver resolver) {
    List<Outcome> outcomes = specs.stream().map(spec -> outcome(spec, resolver)).toList();
    List<String> notes = new ArrayList<>();
    if (specs.stream().noneMatch(spec -> spec.says("", "tier")) && tiers(outcomes).size() > 1) {
      notes.add(commonTier(outcomes));
      // What kernels lose is known of some only: nobody gains by not having been measured.
      ScenarioResolver common = MeasuredOption.resolver();
      outcomes =
          specs.stream().map(spec -> outcome(spec, common)).map(o -> noted(o, notes)).toList();
    }
    int worst = ExitCode.DONE;
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Refused refused) {
        worst = Math.max(worst, refused.exitCode());
      }
    }
    boolean none = outcomes.stream().allMatch(Outcome.Refused.class::isInstance);
    boolean page = !OutputOption.has(parsed, OutputOption.JSON) && !OutputOption.has(parsed, CSV);
    if (none || !page) {
      Refusals.print(outcomes, surroundings.err());
    }
    if (none) {
      return worst;
    }
    if (page) {
      surroundings.out().print(ComparisonPage.of(style, outcomes, notes));
      return worst;
    }
    List<Data.Fields> rows = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      rows.add(data(outcome));
    }
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, CSV)
                ? CsvPrinter.print(rows)
                : JsonPrinter.print(new Data.Items(List.copyOf(rows))));
    return worst;
  }

  /** The cost models that lead the answers, each with the platforms it answers for. */
  private static Map<String, List<String>> tiers(List<Outcome> outcomes) {
    Map<String, List<String>> tiers = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      if (outcome instanceof Outcome.Answered answered) {
        List<String> platforms =
            tiers.computeIfAbsent(
                answered.estimate().scenario().costModels().getFirst().name(),
                _ -> new ArrayList<>());
        if (!platforms.contains(answered.platform())) {
          platforms.add(answered.platform());
        }
      }
    }
    return tiers;
  }

  private static String commonTier(List<Outcome> outcomes) {
    Map<String, List<String>> tiers = tiers(outcomes);
    return "all compared under ideal, the best that all have: kernels are fitted or lent to %s,"
            .formatted(String.join(", ", tiers.getOrDefault(KernelModel.NAME, List.of())))
        + " not to %s; --tier kernel gives each what is known of it"
            .formatted(String.join(", ", tiers.getOrDefault(Roofline.IDEAL.name(), List.of())));
  }

  private static Outcome noted(Outcome outcome, List<String> notes) {
    return switch (outcome) {
      case Outcome.Answered a -> {
        List<String> assumptions = new ArrayList<>(notes);
        assumptions.addAll(a.assumptions());
        yield new Outcome.Answered(a.model(), a.platform(), a.estimate(), a.useCase(), assumptions);
      }
      case Outcome.Refused refused -> refused;
    };
  }

  private static Data.Fields data(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered answered ->
          EstimateData.of(answered.estimate(), answered.useCase(), answered.assumptions());
      case Outcome.Refused refused ->
          EstimateData.refused(refused.model(), refused.platform(), refused.reason());
    };
  }

  private static Outcome.Answered answer(ScenarioSpec spec, ScenarioResolver resolver) {
    ResolvedScenario resolved = resolver.resolve(spec);
    Estimate estimate = Estimator.estimate(resolved.scenario());
    List<String> assumptions = new ArrayList<>();
    if (!resolved.defaults().isEmpty()) {
      assumptions.add("by default: " + String.join(", ", resolved.defaults()));
    }
    OwnProfiles.note(resolved).ifPresent(assumptions::add);
    assumptions.addAll(estimate.assumptions());
    return new Outcome.Answered(
        resolved.scenario().model().name(),
        resolved.scenario().platform().name(),
        estimate,
        resolved.useCase(),
        assumptions);
  }

  private static Outcome outcome(ScenarioSpec spec, ScenarioResolver resolver) {
    try {
      return answer(spec, resolver);
    } catch (InfeasibleException noRoom) {
      return refused(spec, ExitCode.INFEASIBLE, Refusals.sentence(noRoom), noRoom.remedies());
    } catch (InputException bad) {
      return refused(spec, ExitCode.BAD_INPUT, Refusals.sentence(bad), List.of());
    } catch (IllegalDeploymentException illegal) {
      return refused(spec, ExitCode.BAD_INPUT, Refusals.sentence(illegal), List.of());
    }
  }

  private static Outcome refused(
      ScenarioSpec spec, int exitCode, String reason, List<String> remedies) {
    return new Outcome.Refused(
        SubjectOption.modelName(spec),
        spec.text("", "platform").orElse("the platform of the scenario"),
        exitCode,
        reason,
        remedies);
  }
}
