package dev.ridgeline.cli;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.scenario.ResolvedScenario;
import dev.ridgeline.catalog.scenario.ScenarioResolver;
import dev.ridgeline.catalog.scenario.ScenarioSpec;
import dev.ridgeline.catalog.scenario.ScenarioText;
import dev.ridgeline.cli.data.CsvPrinter;
import dev.ridgeline.cli.data.Data;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.PlatformText;
import dev.ridgeline.cli.data.RequirementData;
import dev.ridgeline.cli.page.RequirementAnswer;
import dev.ridgeline.cli.page.RequirementChart;
import dev.ridgeline.cli.page.RequirementChart.Guides;
import dev.ridgeline.cli.page.RequirementPage;
import dev.ridgeline.cli.page.RequirementTable;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.cost.KernelModel;
import dev.ridgeline.estimate.Objectives;
import dev.ridgeline.estimate.Offer;
import dev.ridgeline.estimate.Requirement;
import dev.ridgeline.estimate.RequirementSolver;
import dev.ridgeline.estimate.Scenario;
import dev.ridgeline.units.Problem;
import dev.ridgeline.workload.UseCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline require}: what a platform must offer to meet the targets. */
final class RequireCommand implements Command {
  private static final String CSV = "--csv";
  private static final String EFFICIENCY = "--efficiency";
  private static final String PRINT_PLATFORM = "--print-platform";

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("require");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "The inverse question: the least compute, memory and links a device needs to meet the"
                + " targets.",
            "Without --on, devices of no particular kind are joined by one switch.",
            "A named platform is asked under the cost model that estimate uses: kernel where its"
                + " chip or a sibling was measured. Without one, or with --efficiency, it is"
                + " ideal.",
            "Several inputs, separated by commas, are answered in a row each.")
        .footer(
            "",
            "Examples:",
            "  ridgeline require llama-3.1-70b --use-case chat --devices 8",
            "  ridgeline require llama-3.1-70b --use-case chat --on 8xh100-sxm --efficiency 0.7",
            "  ridgeline require --parameters 10T --active 200B --input 500000 --output 2000"
                + " --tpot \"200 ms\"");
    SubjectOption.declareModel(command);
    ReferenceOption.declare(command);
    SubjectOption.declarePlatform(command);
    command.addOption(
        SubjectOption.option(
            EFFICIENCY, "SHARE", "Share of each peak that runs reach, above 0 to 1 (default 1)."));
    ScenarioOption.declareBut(command, Set.of(ScenarioOption.PRICE));
    HypotheticalOption.declare(command);
    SubjectOption.declareScenario(command);
    FrontierOption.declare(command);
    DrawingOption.declare(command);
    command.addOption(
        OutputOption.flag(
            PRINT_PLATFORM, "Print the platform that suffices as a file for --on, and stop."));
    OutputOption.declare(command);
    command.addOption(OutputOption.flag(CSV, "Answer in CSV, one row each."));
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    Style style = OutputOption.style(parsed, surroundings);
    boolean json = OutputOption.has(parsed, OutputOption.JSON);
    boolean csv = OutputOption.has(parsed, CSV);
    if (json && csv) {
      throw Problem.of("give one of --json and --csv").withField(CSV).exception();
    }
    List<ScenarioSpec> specs = specs(parsed);
    boolean frontier = FrontierOption.asked(parsed);
    if (frontier) {
      only(specs, FrontierOption.FRONTIER);
    }
    if (DrawingOption.asked(parsed) && !frontier && specs.size() == 1) {
      throw Problem.of("draws a trade (--frontier) or several inputs (--input 1000,10000,100000)")
          .withField(DrawingOption.SVG)
          .exception();
    }
    Guides guides = DrawingOption.guides(parsed);
    ScenarioResolver resolver =
        parsed.hasMatchedOption(EFFICIENCY)
            ? MeasuredOption.resolver()
            : MeasuredOption.resolver().preferringKernels();
    if (OutputOption.has(parsed, SubjectOption.PRINT_SCENARIO)) {
      ScenarioSpec only = only(specs, SubjectOption.PRINT_SCENARIO);
      SubjectOption.requirePlatform(only);
      surroundings.out().print(ScenarioText.yaml(resolver.resolve(only)));
      return ExitCode.DONE;
    }
    List<RequirementAnswer> answers = new ArrayList<>();
    for (ScenarioSpec spec : specs) {
      answers.add(answer(parsed, spec, resolver));
    }
    String text;
    if (OutputOption.has(parsed, PRINT_PLATFORM)) {
      only(specs, PRINT_PLATFORM);
      text = platform(answers.getFirst());
    } else if (frontier) {
      text = FrontierOption.text(parsed, style, answers.getFirst(), json, csv, guides);
    } else {
      text = text(style, answers, json, csv);
      if (DrawingOption.asked(parsed)) {
        DrawingOption.write(parsed, RequirementChart.overInput(answers, guides));
      }
    }
    surroundings.out().print(text);
    return ExitCode.DONE;
  }

  private static String text(
      Style style, List<RequirementAnswer> answers, boolean json, boolean csv) {
    boolean one = answers.size() == 1;
    if (!json && !csv) {
      return one
          ? RequirementPage.of(style, answers.getFirst())
          : RequirementTable.overInput(style, answers);
    }
    List<Data.Fields> rows = answers.stream().map(answer -> data(answer).build()).toList();
    if (csv) {
      return CsvPrinter.print(rows);
    }
    return JsonPrinter.print(one ? rows.getFirst() : new Data.Items(List.copyOf(rows)));
  }

  private static ScenarioSpec only(List<ScenarioSpec> specs, String option) {
    if (specs.size() > 1) {
      throw Problem.of("needs one length of the prompt").withField(option).exception();
    }
    return specs.getFirst();
  }

  /** One scenario, or one for each of several lengths of the prompt. */
  private static List<ScenarioSpec> specs(ParseResult parsed) {
    List<ScenarioSpec> specs = SubjectOption.specs(parsed);
    if (specs.size() > 1) {
      throw Problem.of("asks about one model, on one platform at most")
          .withField("require")
          .exception();
    }
    ScenarioSpec spec = ReferenceOption.apply(specs.getFirst(), parsed);
    SubjectOption.requireModel(spec);
    SubjectOption.requireLengths(spec);
    return ScenarioOption.INPUT.forEach(spec, parsed);
  }

  private static RequirementAnswer answer(
      ParseResult parsed, ScenarioSpec spec, ScenarioResolver resolver) {
    double efficiency = efficiency(parsed);
    boolean named = spec.says("", "platform");
    List<String> assumptions = new ArrayList<>();
    ResolvedScenario resolved =
        named
            ? resolver.resolve(spec)
            : ReferenceOption.resolve(parsed, spec, resolver, assumptions);
    Scenario scenario = resolved.scenario();
    requireTargets(scenario);
    Requirement needed = RequirementSolver.solve(scenario, efficiency);
    if (!spec.says("", "tier")) {
      assumptions.add(
          "cost model %s: %s".formatted(needed.source(), whyTier(parsed, named, needed.source())));
    }
    if (!resolved.defaults().isEmpty()) {
      assumptions.add("by default: " + String.join(", ", resolved.defaults()));
    }
    OwnProfiles.note(resolved).ifPresent(assumptions::add);
    assumptions.addAll(needed.assumptions());
    return new RequirementAnswer(
        scenario,
        resolved.useCase(),
        efficiency,
        needed,
        named ? Optional.of(Offer.of(scenario, needed, efficiency)) : Optional.empty(),
        assumptions);
  }

  private static String whyTier(ParseResult parsed, boolean named, String tier) {
    if (tier.equals(KernelModel.NAME)) {
      return "kernels fitted to this chip or to another of its architecture";
    }
    if (!named) {
      return "no kernels are known of devices of no particular kind";
    }
    return parsed.hasMatchedOption(EFFICIENCY)
        ? EFFICIENCY + " stands for what kernels lose"
        : "no kernels were fitted to this chip or to another of its architecture";
  }

  private static String platform(RequirementAnswer answer) {
    String model = answer.scenario().model().name();
    String yaml =
        PlatformText.yaml(answer.needed().together(), "sufficient", "What suffices for " + model);
    return answer.needed().source().equals(KernelModel.NAME)
        ? "# Solved with the kernels of %s. A chip that is described by its peaks alone has none, so that\n# estimate answers for this file without their losses.\n"
                .formatted(answer.scenario().platform().chip().name())
            + yaml
        : yaml;
  }

  /** The keys of an answer. */
  static Data.Builder data(RequirementAnswer answer) {
    return RequirementData.of(
        answer.scenario(),
        answer.useCase(),
        answer.efficiency(),
        answer.needed(),
        answer.offer(),
        answer.assumptions());
  }

  private static double efficiency(ParseResult parsed) {
    String text = parsed.matchedOptionValue(EFFICIENCY, "1").strip();
    try {
      double value = Double.parseDouble(text);
      if (value > 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw Problem.of("must be a number above 0, to 1: the share of each peak that runs reach")
        .withField(EFFICIENCY)
        .withValue(text)
        .exception();
  }

  private static void requireTargets(Scenario scenario) {
    Objectives objectives = scenario.objectives();
    if (objectives.ttft().isEmpty() && objectives.tpot().isEmpty()) {
      Catalog catalog = Catalog.shipped();
      List<String> targeted =
          catalog.useCaseNames().stream()
              .map(catalog::useCase)
              .filter(useCase -> useCase.ttft().isPresent() || useCase.tpot().isPresent())
              .map(UseCase::name)
              .toList();
      throw Problem.of(
              "what is the target? Give --ttft, --tpot or both, or a use case that has targets")
          .withField("--ttft")
          .withAllowed(targeted)
          .exception();
    }
    if (objectives.ttft().isEmpty() && scenario.traffic().outputTokens() == 1) {
      throw Problem.of("one output token has no further ones; give --ttft, or a longer --output")
          .withField("--tpot")
          .exception();
    }
  }
}
