package dev.ridgeline.cli.data;

import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.models.ModelEntry;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.units.Seconds;
import dev.ridgeline.workload.UseCase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/** The keys of use cases and engines, and of the lists of everything. */
public final class CatalogData {
  private CatalogData() {}

  /** A use case. */
  public static Data.Fields of(UseCase useCase) {
    return Data.fields()
        .put("schema_version", EstimateData.VERSION)
        .put("name", useCase.name())
        .put("title", useCase.title())
        .put("input_tokens", useCase.inputTokens())
        .put("output_tokens", useCase.outputTokens())
        .put("beams", useCase.beams())
        .put("ttft_s", seconds(useCase.ttft()))
        .put("tpot_s", seconds(useCase.tpot()))
        .put("source", useCase.source())
        .build();
  }

  /** An engine, and the releases of it that are known. */
  public static Data.Fields of(Engine engine, EngineReleases releases) {
    return Data.fields()
        .put("schema_version", EstimateData.VERSION)
        .put("name", engine.name())
        .put("version", engine.version())
        .put("measured_releases", Data.texts(releases.measured()))
        .put("known_releases", Data.texts(releases.known()))
        .put("runs_on", Data.texts(engine.runsOn()))
        .put("title", engine.title())
        .put("memory_utilization", engine.memoryUtilization())
        .put("reserve_bytes", engine.reserve().value())
        .put("block_tokens", engine.blockTokens())
        .put("source", engine.source())
        .put("notes", Data.texts(engine.notes()))
        .build();
  }

  /** All use cases. */
  public static Data useCases(List<UseCase> useCases) {
    return list(useCases, CatalogData::of);
  }

  /** All engines. */
  public static Data engines(List<Engine> engines, Function<Engine, EngineReleases> releases) {
    return list(engines, engine -> of(engine, releases.apply(engine)));
  }

  /** All models, as published. */
  public static Data models(List<ModelEntry> models) {
    return list(
        models,
        model ->
            Data.fields()
                .put("name", model.name())
                .put("published_parameters", model.publishedParameters())
                .put("published_active_parameters", model.publishedActiveParameters())
                .put(
                    "hugging_face_id",
                    model.huggingFaceId().<Data>map(Data.Text::new).orElseGet(Data.Nothing::new))
                .put("aliases", Data.texts(model.aliases()))
                .put("source", model.source())
                .build());
  }

  /** All chips, by their main figures. */
  public static Data chips(List<ChipSheet> chips) {
    return list(
        chips,
        sheet -> {
          Chip chip = sheet.chip();
          return Data.fields()
              .put("name", chip.name())
              .put("title", chip.title())
              .put("vendor", chip.vendor())
              .put("memory_bytes", chip.mainMemory().capacity().value())
              .put(
                  "memory_bandwidth_bytes_per_s",
                  chip.mainMemory().bandwidth().map(rate -> rate.value()).orElse(0.0))
              .put("aliases", Data.texts(sheet.aliases()))
              .build();
        });
  }

  /** All platforms that have a name of their own. */
  public static Data platforms(List<PlatformSheet> platforms) {
    return list(
        platforms,
        sheet ->
            Data.fields()
                .put("name", sheet.platform().name())
                .put("title", sheet.title())
                .put("chip", sheet.platform().chip().name())
                .put("chips", sheet.platform().chips())
                .put("aliases", Data.texts(sheet.aliases()))
                .build());
  }

  private static <T> Data list(List<T> values, Function<T, Data.Fields> fields) {
    List<Data> items = new ArrayList<>(values.size());
    for (T value : values) {
      items.add(fields.apply(value));
    }
    return new Data.Items(items);
  }

  private static OptionalDouble seconds(Optional<Seconds> seconds) {
    return seconds.isPresent() ? OptionalDouble.of(seconds.get().value()) : OptionalDouble.empty();
  }
}
