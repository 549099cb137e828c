package dev.ridgeline.cost;

import dev.ridgeline.mapping.Deployment;
import dev.ridgeline.mapping.IllegalDeploymentException;
import dev.ridgeline.mapping.Parallelism;
import dev.ridgeline.mapping.Placement;
import dev.ridgeline.mapping.Stream;
import dev.ridgeline.platform.Chip;
import dev.ridgeline.platform.MemoryTier;
import dev.ridgeline.platform.Platform;
import dev.ridgeline.workload.Arithmetic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a program runs: the platform with what binding needs to look up once. */
public final class Site {
  private final Platform platform;
  private final int devices;
  private EnergyRates energy;
  private final int[] tierOfStream;
  private final int singleTier;
  private final double secondsPerVectorFlop;
  private final double[] secondsPerByte;
  private final double[] joulesPerByte;
  private final double joulesPerVectorFlop;
  private final @Nullable Arithmetic[] runsAs =
      new @Nullable Arithmetic[Arithmetic.values().length];
  private final double[] secondsPerFlop = new double[runsAs.length];
  private final double[] joulesPerFlop = new double[runsAs.length];
  private final List<String> notes = new ArrayList<>();
  private final Optional<FarTier> farWeights;
  private final Optional<FarTier> farCache;
  private final List<String> tierNames = new ArrayList<>();
  private @Nullable String drawSource;
  private Draw draw = Draw.UNKNOWN;

  /** A platform whose memory holds everything, all of it in use. */
  Site(Platform platform) {
    this(platform, Deployment.of(Parallelism.NONE), platform.chips());
  }

  Site(Platform platform, Deployment deployment) {
    this(platform, deployment, deployment.parallelism().devices());
  }

  private Site(Platform platform, Deployment deployment, int devices) {
    this.devices = devices;
    Placement placement = deployment.placement();
    Parallelism parallelism = deployment.parallelism();
    this.platform = platform;
    this.energy = EnergyRates.of(platform.chip());
    this.tierOfStream = new int[Stream.values().length];
    for (Stream stream : Stream.values()) {
      if (placement.tier(stream).isPresent()) {
        tierOfStream[stream.ordinal()] =
            tierIndex(platform.chip(), stream, placement.tier(stream).get());
      }
    }
    boolean together = true;
    for (int tier : tierOfStream) {
      together &= tier == tierOfStream[0];
    }
    this.singleTier = together ? tierOfStream[0] : -1;
    this.secondsPerVectorFlop =
        platform.chip().vectorPeak().map(peak -> 1.0 / peak.value()).orElse(0.0);
    this.joulesPerVectorFlop = energy.joulesPerVectorFlop();
    List<MemoryTier> tiers = platform.chip().memory();
    this.secondsPerByte = new double[tiers.size()];
    this.joulesPerByte = new double[tiers.size()];
    for (int index = 0; index < secondsPerByte.length; index++) {
      MemoryTier tier = tiers.get(index);
      secondsPerByte[index] =
          tier.bandwidth().map(bandwidth -> 1.0 / bandwidth.value()).orElse(0.0);
      joulesPerByte[index] = energy.joulesPerByte(tier);
      tierNames.add(tier.name());
    }
    this.farWeights =
        placement
            .offloadedWeights()
            .map(part -> FarTier.of(platform, parallelism, part, "offload-weights"));
    this.farCache =
        placement.offloadedKv().map(part -> FarTier.of(platform, parallelism, part, "offload-kv"));
    farWeights.ifPresent(far -> join(far, placement.weights(), "offload-weights"));
    farCache.ifPresent(far -> join(far, placement.kv(), "offload-kv"));
  }

  private void join(FarTier far, Optional<String> readFrom, String option) {
    String reads = readFrom.orElse(platform.chip().mainMemory().name());
    if (far.name().equals(reads)) {
      throw new IllegalDeploymentException(
          option, far.name(), "this is the tier that kernels read from", "another tier");
    }
    if (!tierNames.contains(far.name())) {
      tierNames.add(far.name());
    }
    boolean shared = platform.host().memory(far.name()).isPresent();
    if (shared && platform.chipsPerNode() < platform.chip().nodeChips()) {
      note(
          "memory beside the chips is taken as this platform's part of a standard node of %d"
              .formatted(platform.chip().nodeChips()));
    }
  }

  /** Names of the chip's tiers, then of the memories beside the chip that are streamed from. */
  List<String> tierNames() {
    return tierNames;
  }

  /** Index of a name among {@link #tierNames()}. */
  int tierIndex(String name) {
    return tierNames.indexOf(name);
  }

  /** Where offloaded weights lie. */
  Optional<FarTier> farWeights() {
    return farWeights;
  }

  /** Where offloaded cache and states lie. */
  Optional<FarTier> farCache() {
    return farCache;
  }

  private static int tierIndex(Chip chip, Stream stream, String name) {
    List<MemoryTier> tiers = chip.memory();
    for (int index = 0; index < tiers.size(); index++) {
      if (tiers.get(index).name().equals(name) && tiers.get(index).addressable()) {
        return index;
      }
    }
    throw new IllegalDeploymentException(
        stream == Stream.WEIGHTS ? "weights-tier" : "kv-tier",
        name,
        chip.name()
            + " has no such memory that kernels read; what lies elsewhere is streamed, as --offload-"
            + (stream == Stream.WEIGHTS ? "weights 1@" : "kv 1@")
            + name,
        tiers.stream()
            .filter(MemoryTier::addressable)
            .map(MemoryTier::name)
            .collect(Collectors.joining(", ")));
  }

  /** The platform. */
  public Platform platform() {
    return platform;
  }

  /** Devices of the platform that are in use. */
  int devices() {
    return devices;
  }

  /** Energies of its chip. */
  public EnergyRates energy() {
    return energy;
  }

  /** Index of the memory tier a stream lives on. */
  public int tier(Stream stream) {
    return tierOfStream[stream.ordinal()];
  }

  /** The tier that all streams live on, or -1 where they are spread. */
  int singleTier() {
    return singleTier;
  }

  /** Time of a vector flop at the peak; 0 where the chip states none. */
  public double secondsPerVectorFlop() {
    return secondsPerVectorFlop;
  }

  /** Time of a byte of a memory tier; 0 for a tier without a stated bandwidth. */
  public double secondsPerByte(int tier) {
    return secondsPerByte[tier];
  }

  /** Energy of a byte of a memory tier. */
  public double joulesPerByte(int tier) {
    return joulesPerByte[tier];
  }

  /** Energy of a vector flop. */
  public double joulesPerVectorFlop() {
    return joulesPerVectorFlop;
  }

  /** Time of a matrix flop of an arithmetic, or of what stands in for it. */
  public double secondsPerMatrixFlop(Arithmetic asked) {
    runsAs(asked);
    return secondsPerFlop[asked.ordinal()];
  }

  /** Energy of a matrix flop of an arithmetic, or of what stands in for it. */
  public double joulesPerMatrixFlop(Arithmetic asked) {
    runsAs(asked);
    return joulesPerFlop[asked.ordinal()];
  }

  void noteMissingVectorPeak() {
    note(
        platform.chip().name()
            + " states no vector peak: element-by-element work is priced by its traffic alone");
  }

  /** The arithmetic that stands in for the one asked, looked up and noted once. */
  public Arithmetic runsAs(Arithmetic asked) {
    Arithmetic known = runsAs[asked.ordinal()];
    if (known != null) {
      return known;
    }
    Arithmetic runs = Emulation.runsAs(asked, platform);
    Emulation.note(asked, runs, platform).ifPresent(this::note);
    runsAs[asked.ordinal()] = runs;
    secondsPerFlop[asked.ordinal()] = 1.0 / platform.chip().peak(runs).orElseThrow().value();
    joulesPerFlop[asked.ordinal()] = energy.joulesPerMatrixFlop(runs);
    return runs;
  }

  /** Adds a note for the user, once. */
  public void note(String text) {
    if (!notes.contains(text)) {
      notes.add(text);
    }
  }

  /** Says whose measured draw energies are made of, and what the device draws when idle. */
  void drawnFrom(String source, Draw measured, double idleWatts) {
    drawSource = source;
    draw = measured;
    energy = energy.resting(idleWatts);
  }

  /** The measured draw; {@link Draw#UNKNOWN} where there is none. */
  Draw draw() {
    return draw;
  }

  /** Whose measured draw energies are made of; empty where none was. */
  Optional<String> drawSource() {
    return Optional.ofNullable(drawSource);
  }

  /** Notes made while binding. */
  List<String> notes() {
    return List.copyOf(notes);
  }
}
