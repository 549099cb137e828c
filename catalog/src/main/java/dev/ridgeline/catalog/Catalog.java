package dev.ridgeline.catalog;

import dev.ridgeline.catalog.document.MappingNode;
import dev.ridgeline.catalog.engines.Engines;
import dev.ridgeline.catalog.hardware.ChipSheet;
import dev.ridgeline.catalog.hardware.Hardware;
import dev.ridgeline.catalog.hardware.PlatformSheet;
import dev.ridgeline.catalog.models.ModelEntry;
import dev.ridgeline.catalog.models.Models;
import dev.ridgeline.catalog.profile.EngineReleases;
import dev.ridgeline.catalog.profile.Profiles;
import dev.ridgeline.catalog.quality.PublishedQuality;
import dev.ridgeline.catalog.shelf.LocalFiles;
import dev.ridgeline.catalog.shelf.Shelf;
import dev.ridgeline.catalog.usecases.UseCases;
import dev.ridgeline.mapping.Engine;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.units.InputException;
import dev.ridgeline.units.Problem;
import dev.ridgeline.workload.Model;
import dev.ridgeline.workload.UseCase;
import java.util.List;
import java.util.Optional;

/**
 * Finds chips, platforms, models, engines and use cases.
 *
 * <pre>{@code
 * Catalog catalog = Catalog.shipped();
 * Model model = catalog.model("llama-3.1-70b");
 * Platform platform = catalog.platform("8xh100-sxm");
 * }</pre>
 *
 * <p>Names are forgiving: case, spaces, {@code _} and {@code -} do not count, aliases and the names
 * that drivers print are known. A text that looks like a path and exists is a file. Everything is
 * read when it is asked for, and not before. All methods throw {@link
 * dev.ridgeline.units.InputException} for what they cannot find or read. Safe for use by several
 * threads.
 */
public final class Catalog {
  private static final Catalog SHIPPED = new Catalog(new LocalFiles(true));
  private static final Catalog NAMES_ONLY = new Catalog(new LocalFiles(false));

  private final Hardware hardware;
  private final Models models;

  private Catalog(LocalFiles files) {
    this.hardware = new Hardware(files);
    this.models = new Models(files);
  }

  // Reading the use cases waits until the first of them is asked for.
  private static final class ShippedUseCases {
    static final UseCases ALL = UseCases.shipped();
  }

  private static final class ShippedProfiles {
    static final Profiles ALL = Profiles.shipped(name -> SHIPPED.chip(name).chip());
  }

  private static final class ShippedQuality {
    static final PublishedQuality ALL = PublishedQuality.shipped();
  }

  /** What ships, and files of the same form wherever a name is expected. */
  public static Catalog shipped() {
    return SHIPPED;
  }

  /** What ships, for requests of people who must not have files read for them. */
  public static Catalog withoutFiles() {
    return NAMES_ONLY;
  }

  /** The chip of that name, or in that file, with the sources of its figures. */
  public ChipSheet chip(String nameOrFile) {
    return hardware.chip(nameOrFile);
  }

  /**
   * The platform that a text means: a name of the catalog ({@code gb200-nvl72}), a chip ({@code
   * h100-sxm}), chips of one node ({@code 8xh100-sxm}), nodes of chips ({@code 4x8xh100-sxm}), or a
   * file of a platform or of a chip, the latter also with counts ({@code 8xmy-chip.yaml}).
   */
  public Platform platform(String nameOrFile) {
    return platformSheet(nameOrFile).platform();
  }

  /** As {@link #platform(String)}, with the sources of its figures. */
  public PlatformSheet platformSheet(String nameOrFile) {
    return hardware.platform(nameOrFile);
  }

  /**
   * A platform, or one chip, written out inside another file. It may leave out name and title, and
   * its figures need no source. Paths in it are relative to that file.
   */
  public Platform platform(MappingNode description) {
    return hardware.platform(description).platform();
  }

  /**
   * The model of a catalog name, an alias or a Hugging Face id, or in a {@code config.json} or its
   * folder.
   */
  public Model model(String nameOrFile) {
    return models.model(nameOrFile);
  }

  /** What the catalog says about its models beside their shapes. */
  public List<ModelEntry> modelEntries() {
    return Models.entries();
  }

  /** As {@link #modelEntries()}, of one model; empty for one that does not ship. */
  public Optional<ModelEntry> modelEntry(String name) {
    Optional<String> found = Shelf.MODELS.find(name);
    return found.flatMap(
        known -> Models.entries().stream().filter(entry -> entry.name().equals(known)).findFirst());
  }

  /** The use case of that name. */
  public UseCase useCase(String name) {
    return ShippedUseCases.ALL.named(name);
  }

  /** What papers say formats do to models' answers. */
  public PublishedQuality quality() {
    return ShippedQuality.ALL;
  }

  /**
   * The engine of that name in its newest release, or of name and release as in {@code
   * vllm@0.10.2}.
   */
  public Engine engine(String name) {
    return Engines.named(name, profiles().engines());
  }

  /**
   * As {@link #engine(String)}; an engine that the catalog does not know is known where one of
   * somebody's own profiles was fitted to it.
   */
  public Engine engine(String name, Profiles fitted) {
    return Engines.named(name, fitted);
  }

  /** The releases of an engine that are known. */
  public EngineReleases engineReleases(String name) {
    return Engines.releases(name, profiles().engines());
  }

  /** The engine that stands for none in particular. */
  public Engine defaultEngine() {
    return Engines.described(Engines.DEFAULT);
  }

  /**
   * Refuses an engine on a chip that it does not run on. A chip of somebody's own, of a vendor that
   * no engine names, is taken to have been ported to.
   *
   * @throws InputException naming the engines that do run on it
   */
  public void requireRuns(Engine engine, Chip chip) {
    List<Engine> all = engineNames().stream().map(Engines::described).toList();
    boolean real =
        chipNames().contains(chip.name())
            || all.stream().anyMatch(each -> each.runsOn().contains(chip.vendor()));
    if (real && !engine.runsOn(chip.vendor(), chip.architecture())) {
      throw Problem.of(
              "%s does not run on %s (%s)".formatted(engine.name(), chip.name(), chip.vendor()))
          .withValue(engine.name())
          .withAllowed(
              all.stream()
                  .filter(each -> each.runsOn(chip.vendor(), chip.architecture()))
                  .map(Engine::name)
                  .toList())
          .exception();
    }
  }

  /** Constants of kernels fitted to measurements. */
  public Profiles profiles() {
    return ShippedProfiles.ALL;
  }

  /** Names of the chips that ship. */
  public List<String> chipNames() {
    return Shelf.CHIPS.all();
  }

  /**
   * Names of the platforms that ship; the short forms such as {@code 8xh100-sxm} are not listed.
   */
  public List<String> platformNames() {
    return Shelf.PLATFORMS.all();
  }

  /** Names of the models that ship. */
  public List<String> modelNames() {
    return Shelf.MODELS.all();
  }

  /** Names of the use cases that ship. */
  public List<String> useCaseNames() {
    return ShippedUseCases.ALL.names();
  }

  /** Names of the engines that ship. */
  public List<String> engineNames() {
    return Shelf.ENGINES.all();
  }
}
