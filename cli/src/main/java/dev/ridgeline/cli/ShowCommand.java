package dev.ridgeline.cli;

import dev.ridgeline.catalog.Catalog;
import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.cli.data.CatalogData;
import dev.ridgeline.cli.data.Data;
import dev.ridgeline.cli.data.HardwareData;
import dev.ridgeline.cli.data.JsonPrinter;
import dev.ridgeline.cli.data.ModelFacts;
import dev.ridgeline.cli.page.CatalogPage;
import dev.ridgeline.cli.page.HardwarePage;
import dev.ridgeline.cli.page.ModelPage;
import dev.ridgeline.cli.page.Style;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.workload.UseCase;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** {@code ridgeline show}: what the catalog knows, with sources. */
final class ShowCommand implements Command {
  private static final String KIND = "KIND";
  private static final String NAME = "NAME";
  private static final List<String> KINDS =
      List.of("model", "chip", "platform", "use-case", "engine");

  /** An answer in the form that was asked for. */
  private record Answer(Supplier<Data> data, Function<Style, String> page) {}

  @Override
  public CommandSpec spec() {
    CommandSpec command = CommandSpec.create().name("show");
    command
        .usageMessage()
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description("Shows what the catalog knows, with sources; without a name, lists it.")
        .footer(
            "",
            "Examples:",
            "  ridgeline show chip",
            "  ridgeline show chip h100-sxm",
            "  ridgeline show model ./config.json --json");
    command.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel(KIND)
            .type(String.class)
            .description(String.join(", ", KINDS) + ".")
            .build());
    command.addPositional(
        PositionalParamSpec.builder()
            .index("1")
            .arity("0..1")
            .paramLabel(NAME)
            .type(String.class)
            .description("A name, or the path of a model's config.json, a chip or a platform.")
            .build());
    OutputOption.declare(command);
    return command;
  }

  @Override
  public int run(ParseResult parsed, Surroundings surroundings) {
    Style style = OutputOption.style(parsed, surroundings);
    String kind = parsed.matchedPositionalValue(0, "");
    Answer answer =
        parsed.hasMatchedPositional(1)
            ? one(kind, parsed.matchedPositionalValue(1, ""))
            : all(kind);
    surroundings
        .out()
        .print(
            OutputOption.has(parsed, OutputOption.JSON)
                ? JsonPrinter.print(answer.data.get())
                : answer.page.apply(style));
    return ExitCode.DONE;
  }

  private static Answer one(String kind, String name) {
    Catalog catalog = Catalog.shipped();
    return switch (kind) {
      case "model" -> {
        ModelFacts facts = ModelFacts.of(named(name, catalog::model));
        yield new Answer(facts::data, style -> ModelPage.of(style, facts));
      }
      case "chip" -> {
        ChipSheet sheet = named(name, catalog::chip);
        yield new Answer(() -> HardwareData.of(sheet), style -> HardwarePage.of(style, sheet));
      }
      case "platform" -> {
        PlatformSheet sheet = named(name, catalog::platformSheet);
        yield new Answer(() -> HardwareData.of(sheet), style -> HardwarePage.of(style, sheet));
      }
      case "use-case" -> {
        UseCase useCase = named(name, catalog::useCase);
        yield new Answer(() -> CatalogData.of(useCase), style -> CatalogPage.of(style, useCase));
      }
      case "engine" -> {
        Engine engine = named(name, catalog::engine);
        EngineReleases releases = Catalog.shipped().engineReleases(engine.name());
        yield new Answer(
            () -> CatalogData.of(engine, releases),
            style -> CatalogPage.of(style, engine, releases));
      }
      default -> throw unknown(kind);
    };
  }

  private static Answer all(String kind) {
    Catalog catalog = Catalog.shipped();
    return switch (kind) {
      case "model" ->
          new Answer(
              () -> CatalogData.models(catalog.modelEntries()),
              style -> CatalogPage.models(style, catalog.modelEntries()));
      case "chip" ->
          new Answer(
              () -> CatalogData.chips(chips(catalog)),
              style -> CatalogPage.chips(style, chips(catalog)));
      case "platform" ->
          new Answer(
              () -> CatalogData.platforms(platforms(catalog)),
              style -> CatalogPage.platforms(style, platforms(catalog)));
      case "use-case" -> {
        List<UseCase> useCases = catalog.useCaseNames().stream().map(catalog::useCase).toList();
        yield new Answer(
            () -> CatalogData.useCases(useCases), style -> CatalogPage.useCases(style, useCases));
      }
      case "engine" -> {
        List<Engine> engines = catalog.engineNames().stream().map(catalog::engine).toList();
        Function<Engine, EngineReleases> releases = engine -> catalog.engineReleases(engine.name());
        yield new Answer(
            () -> CatalogData.engines(engines, releases),
            style -> CatalogPage.engines(style, engines, releases));
      }
      default -> throw unknown(kind);
    };
  }

  private static List<ChipSheet> chips(Catalog catalog) {
    return catalog.chipNames().stream().map(catalog::chip).toList();
  }

  private static List<PlatformSheet> platforms(Catalog catalog) {
    return catalog.platformNames().stream().map(catalog::platformSheet).toList();
  }

  private static <T> T named(String name, Function<String, T> lookup) {
    try {
      return lookup.apply(name);
    } catch (InputException refused) {
      throw refused.problem().file().isPresent()
          ? refused
          : new InputException(refused.problem().withField(NAME).withValue(name), refused);
    }
  }

  private static InputException unknown(String kind) {
    if (kind.isEmpty()) {
      return Problem.of("show what? Name a kind, and maybe one of it")
          .withField(KIND)
          .withAllowed(KINDS)
          .exception();
    }
    return Problem.of("no such kind")
        .withField(KIND)
        .withValue(kind)
        .withNearest(kind, KINDS)
        .exception();
  }
}
